"""The business file: what is sold, by whom, where, when, for how much, and who gets which share."""
