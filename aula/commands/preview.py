"""The command that shows pages while their author writes: preview."""

import argparse
import asyncio
import sys
from contextlib import suppress
from pathlib import Path

from aula.commands.command import Actions


def add(actions: Actions) -> None:
    """Add this command to those of `aula`."""
    text = "show the pages of a course in a browser of this machine, and follow what is saved"
    parser = actions.add_parser("preview", help=text, description=text)
    parser.add_argument("course", nargs="*", help="courses to show (default: all)")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument(
        "--kept",
        type=Path,
        metavar="DIR",
        help="what ran clean, as `aula notebooks --out build/notebooks` keeps it (default: build/notebooks-kept)",
    )
    parser.set_defaults(action=_preview)


def _preview(options: argparse.Namespace) -> int:
    from aula import kernel  # what reads and prints notebooks takes its time to import
    from aula.check import selection
    from aula.errors import PreviewError
    from aula.preview import server

    if not 0 <= options.port <= 65535:
        raise PreviewError(f"--port {options.port}: give 1 to 65535, or leave it away for a free one")
    root = options.root.resolve()
    kept = (options.kept or root / "build" / "notebooks-kept").resolve()
    folders = selection.folders(root, options.course)
    with kernel.settled(Path(sys.executable).parent), suppress(KeyboardInterrupt):
        asyncio.run(server.serve(root, folders, options.port, kept, lambda line: print(line, flush=True)))
    return 0
