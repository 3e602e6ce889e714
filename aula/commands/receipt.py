"""The commands about receipts of hand-ins: verify, key."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from aula.commands.command import Actions, group, print_json
from aula.submissions.errors import ReceiptError, StoreError

USUAL = "/srv/aula/hand-in/receipts.key.pub"
OURS, NOT_OURS, NOT_CHECKED = 0, 1, 2


def add(actions: Actions) -> None:
    """Add these commands to those of `aula`."""
    receipt = group(actions, "receipt", "verify receipts of hand-ins; show the key that they are signed with")
    text = "say whether receipts are ours: ends with 0 where all are, 1 where one is not, 2 where it cannot be said"
    verify = receipt.add_parser("verify", help=text, description=text)
    verify.add_argument("file", type=Path, nargs="+", help="a receipt, as its trainee has it")
    folder = "the folder of all hand-ins: look, too, whether what is kept is still what was handed in"
    verify.add_argument("--store", type=Path, metavar="DIR", help=folder)
    verify.set_defaults(action=_verify)
    show = receipt.add_parser("key", help="show the public key", description="Show the public key, and its name.")
    show.set_defaults(action=_key)
    for parser in (verify, show):
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--key",
            type=Path,
            action="append",
            metavar="FILE",
            help=f"the public key; may be repeated, for older ones (default: $AULA_RECEIPT_KEY, or {USUAL})",
        )


def _verify(options: argparse.Namespace) -> int:
    """Say of each receipt whether it is ours, and what it says."""
    from aula.submissions import receipts
    from aula.submissions.keys import PublicKey  # cryptography takes a while to import
    from aula.submissions.store import Store

    try:
        keys = [PublicKey.read(path) for path in _keys(options)]
    except StoreError as error:
        print(f"aula: {error}", file=sys.stderr)
        return NOT_CHECKED
    told: list[dict[str, Any]] = []
    status = OURS
    for path in options.file:
        one: dict[str, Any] = {"file": str(path), "ours": False}
        try:
            receipt = receipts.read(path)
            receipts.verify(receipt, keys)
            one |= {"ours": True, **receipt.model_dump(exclude={"signature", "version"})}
            if options.store:
                one["kept"] = False
                Store(options.store).check(receipt)
                one["kept"] = True
        except ReceiptError as error:
            one["why"] = str(error)
            status = max(status, NOT_OURS)
        except OSError as error:
            one |= {"ours": None, "why": f"cannot be read: {error.strerror}"}
            status = NOT_CHECKED
        told.append(one)
    if options.json:
        print_json({"receipts": told})
    else:
        for one in told:
            print(_said(one))
    return status


def _said(one: dict[str, Any]) -> str:
    if one["ours"] is None:
        return f"{one['file']}: {one['why']}"
    if not one["ours"]:
        return f"{one['file']}: NOT OURS: {one['why']}"
    who = (
        f"{one['student']} handed in {one['assignment']} of {one['course_run']}, number {one['number']}, at {one['at']}"
    )
    if "kept" not in one:
        return f"{one['file']}: ours: {who}"
    kept = "what is kept has this hash" if one["kept"] else f"BUT WHAT IS KEPT IS NOT THIS: {one['why']}"
    return f"{one['file']}: ours: {who}: {kept}"


def _key(options: argparse.Namespace) -> int:
    """Show the public keys."""
    from aula.submissions.keys import PublicKey

    keys = [PublicKey.read(path) for path in _keys(options)]
    if options.json:
        print_json({"keys": [{"id": key.id, "key": key.pem} for key in keys]})
    else:
        print("\n".join(f"{key.id}\n{key.pem}" for key in keys), end="")
    return 0


def _keys(options: argparse.Namespace) -> list[Path]:
    return options.key or [Path(os.environ.get("AULA_RECEIPT_KEY", USUAL))]
