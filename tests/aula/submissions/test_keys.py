"""The key of receipts: made once, kept from others, and never replaced in silence."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from aula.submissions.errors import StoreError
from aula.submissions.keys import Key, PublicKey


def test_a_key_is_made_once(tmp_path: Path) -> None:
    """The first start makes it, for its owner alone; the next ones read it; the public one lies beside it."""
    path = tmp_path / "receipts.key"
    first = Key.kept(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Key.kept(path).public.id == first.public.id
    public = PublicKey.read(tmp_path / "receipts.key.pub")
    assert public.id == first.public.id
    assert public.signed(b"content", first.sign(b"content"))
    assert not public.signed(b"kontent", first.sign(b"content"))
    assert not public.signed(b"content", Key.made().sign(b"content"))
    assert not public.signed(b"content", "no base64!")
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}
    assert modes == {"receipts.key": 0o600, "receipts.key.pub": 0o644}


def test_a_lost_public_key_is_written_again(tmp_path: Path) -> None:
    """The public key's file follows the private one's."""
    key = Key.kept(tmp_path / "key")
    (tmp_path / "key.pub").write_text("something else")
    Key.kept(tmp_path / "key")
    assert PublicKey.read(tmp_path / "key.pub").id == key.public.id


def test_a_key_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    """Who can read it can forge receipts: the service does not start, and says what to do."""
    Key.kept(tmp_path / "key")
    (tmp_path / "key").chmod(0o640)
    with pytest.raises(StoreError, match="others may read the key of receipts: chmod 600"):
        Key.kept(tmp_path / "key")


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_broken_key_is_not_replaced(tmp_path: Path, content: bytes) -> None:
    """A key that was cut is the operator's to bring back: a new one would disown all receipts."""
    (tmp_path / "key").write_bytes(content)
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(StoreError, match="is no private key: bring it back from a backup"):
        Key.kept(tmp_path / "key")
    assert (tmp_path / "key").read_bytes() == content
    with pytest.raises(StoreError, match="this is no public key in PEM"):
        PublicKey.read(tmp_path / "key")


def test_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    """Only Ed25519 is used."""
    other = generate_private_key(SECP256R1())
    (tmp_path / "key").write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(StoreError, match="another kind of key"):
        Key.kept(tmp_path / "key")
    with pytest.raises(StoreError, match="another kind of key"):
        PublicKey.of(other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def test_a_key_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """Where its folder is missing the error names it."""
    with pytest.raises(StoreError, match=r"nowhere/key: the key of receipts cannot be used: No such file"):
        Key.kept(tmp_path / "nowhere" / "key")
    with pytest.raises(StoreError, match="cannot be read"):
        PublicKey.read(tmp_path / "nowhere")
