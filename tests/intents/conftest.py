"""What needs the extra `nlu` is collected where it is installed."""

from intents import embedded

collect_ignore = [] if embedded.shipped() else ["test_embedded.py"]
