"""What the panel says, in the languages of Aula: a file of words for each, and English is the source."""

import json
from pathlib import Path

WORDS = Path(__file__).parent / "words"
DEFAULT = "en"


def words(wish: str) -> dict[str, str]:
    """Return the words in a language, as `pt` or `pt-PT`; in English where there are none in it."""
    there = {path.stem: path for path in WORDS.glob("*.json")}
    chosen = there.get(wish.replace("_", "-").partition("-")[0].lower(), there[DEFAULT])
    found: dict[str, str] = json.loads(chosen.read_text(encoding="utf-8"))
    return found
