"""The `mongod` of this machine: where it is, and what keeps it from running here."""

import ctypes
import platform
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

NO_MONGOD = (
    "there is no mongod: pip install 'janji[embedded]' (Linux x86-64, macOS arm64), "
    "put one on PATH, or set MONGODB_URI."
)


def find_mongod() -> Path | None:
    """The `mongod` of the extra `embedded` (found without running its code), the one on PATH, or none."""
    spec = find_spec("fiftyone")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (bundled := Path(place) / "db" / "bin" / "mongod").is_file():
            return bundled
    on_path = shutil.which("mongod")
    return Path(on_path) if on_path else None


def problems_here(cpu_flags: str | None = None, missing: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """All that keeps `mongod` from running on this machine, each with how to put it right."""
    if sys.platform not in {"linux", "darwin"}:
        return (f"there is no mongod for {sys.platform}: set MONGODB_URI to a MongoDB of your own.",)
    found: list[str] = []
    if find_mongod() is None:
        found.append(NO_MONGOD)
    if sys.platform == "linux" and platform.machine() == "x86_64":
        if "avx" not in (Path("/proc/cpuinfo").read_text() if cpu_flags is None else cpu_flags).split():
            found.append("this processor has no AVX, which mongod 5 and later need: set MONGODB_URI.")
    if sys.platform == "linux":
        # Loaded to know: where a library lies differs from one distribution to the next.
        for library in [name for name in _PACKAGES if not _loads(name)] if missing is None else missing:
            debian, fedora = _PACKAGES[library]
            get = f"apt-get install {debian} (Debian, Ubuntu) or dnf install {fedora} (Fedora, RHEL)"
            found.append(f"{library} is missing: {get}.")
    return tuple(found)


_OPENSSL = ("libssl3", "openssl-libs")
_PACKAGES = {"libcurl.so.4": ("libcurl4", "libcurl"), "libssl.so.3": _OPENSSL, "libcrypto.so.3": _OPENSSL}


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
