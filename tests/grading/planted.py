"""What a hostile submission looks for: files, a variable and a port that a test plants, each with a word of its own."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILES = {
    "GRADEBOOK": ("run/gradebook.db", "planted-gradebook-41d7"),
    "SOURCE": ("run/source/curves/curves.ipynb", "planted-source-90ce"),
    "NEIGHBOUR": ("run/submitted/neighbour/curves/curves.ipynb", "planted-neighbour-5b1a"),
    "CONFIGURATION": ("run/nbgrader_config.py", "planted-configuration-c3f2"),
    "TOKEN": ("home/.jupyter/token", "planted-token-7e08"),
}
VARIABLE = ("AULA_PLANTED_SECRET", "planted-variable-d96b")
"""An environment variable of whoever starts the grading."""
WORDS = (*(word for _, word in FILES.values()), VARIABLE[1])
"""None of these may be in an output, in feedback or in a message."""


@dataclass(frozen=True)
class Planted:
    """The folder that holds the planted files, and a local port where a test listens for who should not come."""

    root: Path
    port: int

    def plant(self) -> None:
        """Write the files."""
        for name, word in FILES.values():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{word}\n")

    def state(self) -> Mapping[str, str]:
        """Return what is in the folder, file by file, to be compared with what was there before."""
        files = sorted(path for path in self.root.rglob("*") if path.is_file())
        return {str(path.relative_to(self.root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    def named(self, text: str) -> str:
        """Put the planted places where a text says @TOKEN@, @PORT@ and so on."""
        for name, (path, _) in FILES.items():
            text = text.replace(f"@{name}@", str(self.root / path))
        return (
            text.replace("@ROOT@", str(self.root)).replace("@PORT@", str(self.port)).replace("@VARIABLE@", VARIABLE[0])
        )
