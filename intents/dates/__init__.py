"""Dates and times as people type them in English, Indonesian and Vietnamese."""
