"""What people see of a run: a line for each notebook that ends, and, at a terminal, one for each that runs."""

import shutil
import time
from typing import TextIO

from tqdm import tqdm

from aula.run.progress import Progress


class Lines:
    """For a file or a program: a line for each notebook that has ended, and nothing else."""

    live = False

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def tell(self, line: str) -> None:
        """Say a line, to stay."""
        print(line, file=self._stream, flush=True)

    def look(self, running: list[Progress], counts: str) -> None:
        """Show what runs, and how many have ended how."""

    def close(self) -> None:
        """Show nothing more of what runs."""


class Live(Lines):
    """For a terminal: below the lines that stay, one for each notebook that runs, and one of the counts."""

    live = True

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._lines: list[tqdm] = []

    def tell(self, line: str) -> None:
        """Say a line, to stay, above those that change."""
        tqdm.write(line, file=self._stream)
        self._stream.flush()

    def look(self, running: list[Progress], counts: str) -> None:
        """Show what runs, and how many have ended how."""
        texts = [*(describe(one, time.time()) for one in running), counts]
        while len(self._lines) > len(texts):
            self._lines.pop().close()
        while len(self._lines) < len(texts):
            self._lines.append(
                tqdm(file=self._stream, bar_format="{desc}", position=len(self._lines), leave=False, dynamic_ncols=True)
            )
        for line, text in zip(self._lines, texts, strict=True):
            line.set_description_str(text[: shutil.get_terminal_size().columns - 1])

    def close(self) -> None:
        """Take the lines that change away."""
        while self._lines:
            self._lines.pop().close()


def display(stream: TextIO) -> Lines:
    """Return what fits the stream: live lines at a terminal, else lines only."""
    return Live(stream) if stream.isatty() else Lines(stream)


def describe(one: Progress, now: float) -> str:
    """Return the line of a notebook that runs."""
    minutes, seconds = divmod(max(0, round(now - one.began)), 60)
    where = f"cell {one.cell} of {one.cells}" if one.cell else "starts its kernel"
    return f"  {one.title}: {where}, {minutes}:{seconds:02}"
