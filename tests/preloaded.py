"""Imported once by the process that the tests' own processes are forked from (`tests.forks`)."""

import os

# read when the console is made, which is when it is imported
os.environ |= {"NO_COLOR": "1", "COLUMNS": "200"}

from werkzeug.routing import Rule

import tests.faults.tripwire
import tests.routes
import webhooks.cli.main
import webhooks.launch  # noqa: F401

Rule._compile_builder = tests.routes.written_when_called  # type: ignore[method-assign, assignment]
