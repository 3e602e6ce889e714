"""Templates: every word that people read is marked for translation."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from aula.locale.extraction import PLACES, ROOT

TEMPLATES = sorted(path for place in PLACES for path in (ROOT / place).glob("**/templates/**/*.html"))
READ = {"title", "aria-label", "placeholder", "alt", "aria-description", "content", "data-label"}
# Names of products and signs are the same in every language.
SAME = re.compile(r"[\W\d_]|\b(Aula|JupyterLab|UTC|Slurm|Nbgrader)\b")
_MARKED = re.compile(r"{%-?\s*trans\b.*?{%-?\s*endtrans\s*-?%}", re.DOTALL)
_ADDRESS = re.compile(r"{% block back %}.*?{% endblock.*?%}", re.DOTALL)  # goes into a hidden field
_CODE = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


class Words(HTMLParser):
    """Collects the literal words of a template from which marked ones and code are taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect attributes that are read, and the labels of buttons."""
        given = dict(attrs)
        self._silent += tag in ("script", "style")
        if tag == "meta" and given.get("name") != "description":
            return
        button = tag == "input" and given.get("type") in ("submit", "button")
        self.found += [value for name, value in attrs if value and (name in READ or (button and name == "value"))]

    def handle_endtag(self, tag: str) -> None:
        """Leave a script or style."""
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        """Collect text."""
        if not self._silent:
            self.found.append(data)


def literal(template: str) -> list[str]:
    """Return the words of a template that nobody can translate."""
    words = Words()
    words.feed(_CODE.sub("", _ADDRESS.sub("", _MARKED.sub("", template))))
    words.close()
    return [text.strip() for text in words.found if SAME.sub("", text)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_word_is_left_in_english(path: Path) -> None:
    """Text, titles, labels and descriptions in templates all stand in {% trans %} or come from one."""
    assert literal(path.read_text()) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ("<p>{% trans %}Hello{% endtrans %}</p>", []),
        ("<p>{% if x %}Hello{% endif %} {{ name }}</p>", ["Hello"]),
        ('<a title="Go" href="/x">{{ x }}</a>', ["Go"]),
        ('<a aria-label="{% trans %}Go{% endtrans %}">·</a>', []),
        ('<input type="submit" value="Send"><input type="hidden" value="x">', ["Send"]),
        ('<img alt="A cat">', ["A cat"]),
        ("<script>var words = 1;</script>", []),
        ("<title>Aula</title>", []),
    ],
)
def test_a_word_would_be_found(template: str, found: list[str]) -> None:
    """The search itself finds text and attributes, and lets marked ones and code pass."""
    assert literal(template) == found


def test_scripts_say_nothing_by_themselves() -> None:
    """The hub's scripts take every sentence from their page, where it is translated."""
    for path in (ROOT / "hub_config" / "static").glob("*.js"):
        strings = re.findall(
            r"\"([^\"\n]*)\"|`([^`]*)`", re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.MULTILINE)
        )
        said = {text for pair in strings for text in pair if re.match(r"[A-Za-z]+ [a-z]+", text)}
        assert said - {"use strict", "still there?"} == set(), path.name
