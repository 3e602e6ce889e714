"""What a page declares about itself, once: its address, what may be sent to it, and who may open it.

Routes, checks of what is sent, forms and openapi.json all come from here.
"""

import re
from dataclasses import dataclass
from typing import Any

from aula.locale import Message, message
from aula.people.values import NAME, RUN_NAME


class UnusableError(ValueError):
    """A value that was sent and cannot be used; its text is for whoever sent it."""


@dataclass(frozen=True)
class Field:
    """A value that a form or an address's query brings."""

    name: str
    label: Message
    hint: Message | None = None
    type: str = "text"
    required: bool = True
    longest: int = 200
    pattern: str = ""
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    autocomplete: str = "off"

    def read(self, given: str | None) -> Any:
        """Return the value; None where nothing was given that may be left out. Raise UnusableError."""
        text = given or ""
        if self.type != "password":
            text = text.strip()
        if not text:
            if self.required:
                raise UnusableError(message("{field}: this is needed.", field=self.label))
            return None
        if self.type == "textarea":
            return self._lines(text)
        if len(text) > self.longest or not text.isprintable():
            raise UnusableError(
                message("{field}: use one line of at most {most} characters.", field=self.label, most=self.longest)
            )
        if self.type == "number":
            return self._number(text)
        if (self.choices and text not in self.choices) or (self.pattern and not re.fullmatch(self.pattern, text)):
            raise UnusableError(message("{field}: this cannot be used.", field=self.label))
        return text

    def _lines(self, text: str) -> str:
        text = text.replace("\r\n", "\n").replace("\t", " ")
        if len(text) > self.longest or not text.replace("\n", "").isprintable():
            raise UnusableError(
                message("{field}: use plain text of at most {most} characters.", field=self.label, most=self.longest)
            )
        return text

    def _number(self, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not self.least <= int(text) <= self.most:
            raise UnusableError(
                message(
                    "{field}: use a number from {least} to {most}.", field=self.label, least=self.least, most=self.most
                )
            )
        return int(text)

    @property
    def schema(self) -> dict[str, Any]:
        """The field as JSON schema."""
        if self.type == "number":
            return {"type": "integer", "minimum": self.least, "maximum": self.most, "description": self.label}
        found: dict[str, Any] = {"type": "string", "maxLength": self.longest, "description": self.label}
        if self.required:
            found["minLength"] = 1
        if self.pattern:
            found["pattern"] = f"^(?:{self.pattern})$"
        if self.choices:
            found["enum"] = list(self.choices)
        return found


@dataclass(frozen=True)
class Operation:
    """What a page does for one method. `public` is for those who are not signed in too; its answer is `kind`."""

    says: str
    public: bool = False
    fields: tuple[Field, ...] = ()
    kind: str = "text/html"


@dataclass(frozen=True)
class Parameter:
    """A part of an address that varies."""

    pattern: str
    says: str


PARAMETERS = {
    "run": Parameter(RUN_NAME.pattern, "a course run's name"),
    "course": Parameter(RUN_NAME.pattern, "a course's name"),
    "company": Parameter(NAME.pattern, "a company's short name"),
    "person": Parameter(NAME.pattern, "a person's name at the hub"),
    "assignment": Parameter(RUN_NAME.pattern, "an assignment's name"),
    "number": Parameter(r"[1-9][0-9]{0,8}", "the number of an invitation, a hand-in or a request"),
    "file": Parameter(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}", "a file's name, without its ending"),
    "code": Parameter(r"[A-Za-z0-9-]{1,40}", "a joining code"),
    "token": Parameter(r"[A-Za-z0-9_-]{1,100}", "the token of a recovery link"),
}


def route(address: str) -> str:
    """Return the regular expression of an address such as `/runs/{run}`."""
    parts = re.split(r"\{(\w+)\}", address)
    return "".join(f"({PARAMETERS[part].pattern})" if odd else re.escape(part) for odd, part in _numbered(parts))


def parameters(address: str) -> list[str]:
    """Return the names of what varies in an address."""
    return re.findall(r"\{(\w+)\}", address)


def _numbered(parts: list[str]) -> list[tuple[bool, str]]:
    return [(number % 2 == 1, part) for number, part in enumerate(parts)]
