"""The receipt of a hand-in: who, what and when, signed. It needs nobody's word to be checked."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from aula.submissions.errors import ReceiptError

if TYPE_CHECKING:  # whoever only reads receipts needs no cryptography: the environment of the graders has none
    from aula.submissions.keys import Key, PublicKey

FILE = "receipt.json"
MOST_BYTES = 2_000_000
"""Bytes of a receipt: the names of a thousand files, and more."""
MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}\+00:00$"
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=100)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Receipt(BaseModel):
    """What is signed, and the signature. `digest` is the hash of `files`, which has each file's path and hash."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    version: Literal[1] = 1
    course_run: Name
    assignment: Name
    student: Name
    number: Annotated[int, Field(ge=1)]
    at: Annotated[str, StringConstraints(pattern=MOMENT)]
    digest: Digest
    files: dict[str, Digest]
    key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    signature: Annotated[str, StringConstraints(max_length=100)] = ""

    @property
    def moment(self) -> datetime:
        """When it was handed in."""
        return datetime.fromisoformat(self.at)

    @property
    def text(self) -> str:
        """The receipt as a file has it."""
        return json.dumps(self.model_dump(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @property
    def signed(self) -> bytes:
        """What the signature is of: everything else, as JSON without blanks, its keys in order."""
        told = self.model_dump(exclude={"signature"})
        return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(files: Mapping[str, str]) -> str:
    """Return the hash of all files, of their paths with their hashes."""
    return sha256("".join(f"{path}\0{digest}\n" for path, digest in sorted(files.items())).encode()).hexdigest()


def write(at: datetime) -> str:
    """Return a moment as receipts have it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def sign(key: "Key", **told: Any) -> Receipt:
    """Return the receipt of what is told, signed."""
    bare = Receipt(key=key.public.id, digest=digest_of(told["files"]), **told)
    return bare.model_copy(update={"signature": key.sign(bare.signed)})


def of(content: str | bytes) -> Receipt:
    """Return the receipt in a text, whoever made it. Raises ReceiptError where it is none."""
    try:
        return Receipt.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise ReceiptError(f"this is no receipt: {where}: {first['msg']}") from error


def read(path: Path) -> Receipt:
    """Return the receipt in a file, whoever made it. Raises ReceiptError where it is none, OSError."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ReceiptError("this is no receipt: it is too long")
    return of(content)


def verify(receipt: Receipt, keys: Iterable["PublicKey"]) -> None:
    """Raise ReceiptError, with the reason, where a receipt is not signed by one of these keys as it stands."""
    known = {key.id: key for key in keys}
    if receipt.key not in known:
        raise ReceiptError(f"it names the key {receipt.key}, which is none of ours: {', '.join(sorted(known))}")
    if not known[receipt.key].signed(receipt.signed, receipt.signature):
        raise ReceiptError("the signature is not of this content: the receipt was changed, or is not ours")
    if digest_of(receipt.files) != receipt.digest:
        raise ReceiptError("its digest is not that of its files")
