"""The outputs of a cell as nbformat 4 has them, and no more of them than is permitted."""

import base64
import io
import json
from typing import Any

Output = dict[str, Any]
RESERVE = 20_000
"""Characters that each cell may say, whatever those before it have said."""
ENDING = 2000
"""Characters that an error may still say when there are too many outputs."""


class TooMuchError(RuntimeError):
    """The submission says more than it may."""


class Outputs:
    """What a cell has said so far; `left` is how many characters all cells together may still say."""

    def __init__(self, most_mb: int) -> None:
        self._most_mb, self.left = most_mb, most_mb * 1_000_000
        self.all: list[Output] = []
        self._shown: dict[str, list[Output]] = {}
        self._to_clear = False

    def begin(self) -> None:
        """Begin with a new cell."""
        self.all, self._to_clear = [], False
        self.left = max(self.left, RESERVE)

    def say(self, name: str, text: str) -> None:
        """Add to a stream, as far as there is room. Raise TooMuchError where there is not."""
        kept = text[: max(self.left, 0)]
        if kept:
            self._clear_now()
            last = self.all[-1] if self.all else {}
            if last.get("output_type") == "stream" and last["name"] == name:
                last["parts"].append(kept)
            else:
                self.all.append({"output_type": "stream", "name": name, "parts": [kept]})
        self._take(len(text))

    def show(self, output: Output, display_id: str | None = None) -> None:
        """Add rich data. Raise TooMuchError where there is too much, TypeError where it is no data."""
        output = _plain(output)
        self._take(len(json.dumps(output)))
        self._clear_now()
        self.all.append(output)
        if display_id is not None:
            self._shown.setdefault(display_id, []).append(output)

    def update(self, output: Output, display_id: str | None) -> None:
        """Show other data where data of that name is shown. Raise as `show` does."""
        output = _plain(output)
        self._take(len(json.dumps(output)))
        for one in self._shown.get(display_id or "", []):
            one.update(data=output["data"], metadata=output["metadata"])

    def fail(self, name: str, said: str, traceback: list[str]) -> None:
        """Add an error, whatever room there is; a long one is cut."""
        room = max(self.left, ENDING)
        kept = []
        for line in traceback:
            kept.append(line[:room])
            room -= len(kept[-1])
        self.left -= sum(map(len, kept))
        self._clear_now()
        error = {"output_type": "error", "ename": name[:ENDING], "evalue": said[:ENDING], "traceback": kept}
        self.all.append(error)

    def clear(self, wait: bool) -> None:
        """Take away what the cell has said, now or as soon as it says something else."""
        self._to_clear = True
        if not wait:
            self._clear_now()

    def told(self) -> list[Output]:
        """Return the cell's outputs."""
        return [
            {"output_type": "stream", "name": one["name"], "text": "".join(one["parts"])} if "parts" in one else one
            for one in self.all
        ]

    def _clear_now(self) -> None:
        if self._to_clear:
            self.all, self._to_clear = [], False

    def _take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise TooMuchError(f"the notebook says more than {self._most_mb} MB: print less, or to a file")


class Stream(io.TextIOBase):
    """What `print` writes to."""

    encoding = "utf-8"

    def __init__(self, outputs: Outputs, name: str, descriptor: int) -> None:
        self._outputs, self.name, self._descriptor = outputs, name, descriptor

    def write(self, text: str) -> int:
        """Keep text. Raise TooMuchError where there is too much."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.say(self.name, text)
        return len(text)

    def writable(self) -> bool:
        """Whether it can be written to."""
        return True

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return False

    def fileno(self) -> int:
        """Return where programs write that the notebook starts."""
        return self._descriptor


def _plain(output: Output) -> Output:
    """Return an output as JSON has it: bytes, as pictures are, in base 64."""

    def plain(value: object) -> str:
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        raise TypeError(f"{type(value).__name__} cannot be shown")

    made: Output = json.loads(json.dumps(output, default=plain))
    return made
