"""How well messages are understood, on phrases the seeds have not seen."""
