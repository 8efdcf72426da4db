"""`make bench`: the product beside its peer; `make bench ARGS="NAME …"` runs another part with the rest for it."""

import runpy
import sys
from pathlib import Path
from typing import Final

USUAL: Final = "load"


def main() -> None:
    """Runs `benchmarks.<name>`; what is an option goes to the usual part."""
    known = sorted(path.parent.name for path in Path(__file__).parent.glob("*/__main__.py"))
    named = [word for word in sys.argv[1:2] if not word.startswith("-")]
    if named and named[0] not in known:
        raise SystemExit(f"no benchmark is called {named[0]}; there are: {', '.join(known)}")
    part = named[0] if named else USUAL
    sys.argv = [part, *sys.argv[1 + len(named) :]]
    runpy.run_module(f"benchmarks.{part}", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
