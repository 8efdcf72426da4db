"""Times: what is free, what is offered of it, and which claims keep a time for one booking."""
