"""`make bench`: every benchmark there is, or the ones named; each prints ratios within one run."""

import runpy
import sys
from pathlib import Path


def main() -> None:
    """Runs `benchmarks.<name>` for each name."""
    known = sorted(path.parent.name for path in Path(__file__).parent.glob("*/__main__.py"))
    for name in sys.argv[1:] or known:
        if name not in known:
            raise SystemExit(f"no benchmark is called {name}; there are: {', '.join(known)}")
        print(f"== {name}", flush=True)
        sys.argv = [name]
        runpy.run_module(f"benchmarks.{name}", run_name="__main__")


if __name__ == "__main__":
    main()
