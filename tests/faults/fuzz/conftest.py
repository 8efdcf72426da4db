"""What takes minutes runs in `make prove` only."""

from tests.faults.fuzz.inputs import ALL

collect_ignore = [] if ALL else ["test_doors.py", "test_described.py"]
