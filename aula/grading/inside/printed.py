"""What a test cell prints, up to a bound."""

import contextlib
import io
from collections.abc import Iterator
from typing import Any

MOST = 100_000


class Stream(io.StringIO):
    """A text that grows to a bound and no further."""

    def write(self, text: str) -> int:
        """Keep what still fits."""
        super().write(text[: max(0, MOST - self.tell())])
        return len(text)


@contextlib.contextmanager
def collected(outputs: list[dict[str, Any]]) -> Iterator[None]:
    """Add what is printed meanwhile to outputs, as nbformat writes it."""
    streams = {"stdout": Stream(), "stderr": Stream()}
    try:
        with contextlib.redirect_stdout(streams["stdout"]), contextlib.redirect_stderr(streams["stderr"]):
            yield
    finally:
        for name, stream in streams.items():
            if text := stream.getvalue():
                outputs.append({"output_type": "stream", "name": name, "text": text})
