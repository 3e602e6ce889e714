"""Telling the person at the terminal what is being done, and how long each step took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_started = time.monotonic()


def say(text: str) -> None:
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Announce a step, and say how long it took once it is done."""
    terminal = sys.stdout.isatty()
    if terminal:
        print(f"  …  {what}", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print(f"{chr(13) if terminal else ''}  ✗  {what}", flush=True)
        raise
    now = time.monotonic()
    line = f"  ✓  {what:<58} {now - began:6.1f} s   (at {now - _started:4.0f} s)"
    print(f"{chr(13) if terminal else ''}{line}", flush=True)
