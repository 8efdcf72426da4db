"""Imported once by the process that the tests' own processes are forked from (`tests.forks`)."""

import os

# read when the console is made, which is when it is imported
os.environ |= {"NO_COLOR": "1", "COLUMNS": "200"}

import tests.faults.tripwire  # noqa: F401
import webhooks.cli.main
import webhooks.launch  # noqa: F401
