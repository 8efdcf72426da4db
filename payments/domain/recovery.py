"""How often a customer is helped to pay before the time is given up; whoever counts the steps asks here."""

MOST_STEPS = 3
"""Nudges, new links and other ways to pay together."""
