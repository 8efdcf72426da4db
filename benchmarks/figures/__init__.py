"""The shape of the code in figures: `make figures`."""
