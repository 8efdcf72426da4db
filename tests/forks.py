"""Processes of ours, forked from one that has imported everything: the imports take longer than most commands."""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

FORKS: Final = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.preloaded"])


def command(arguments: Sequence[str], directory: Path, settings: Mapping[str, str], out: Path, err: Path) -> None:
    """`janji` with these arguments, that environment and nothing else, until its exit; for a process of its own."""
    from webhooks.cli.main import main

    os.chdir(directory)
    os.environ.clear()
    os.environ.update(settings)
    for file, flags, stream in (
        (Path(os.devnull), os.O_RDONLY, 0),
        (out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 1),
        (err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 2),
    ):
        os.dup2(os.open(file, flags), stream)
    sys.argv = ["janji", *arguments]
    main()
