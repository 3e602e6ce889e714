"""Names that may reach a command line, and those that may not."""

import pytest
from aula_spawner.errors import UnsafeValueError
from aula_spawner.names import safe_server_name, safe_user_name

BAD = ["a;id", "../x", "-uroot", "root\n", "\u0430na", "Ana", "a b", "a" * 32, "1a", "a.b", "a/b", "a\x00", "#0", "a_b"]


@pytest.mark.parametrize("name", ["ana", "a", "ana-2", "x" * 31])
def test_plain_names_pass(name: str) -> None:
    """Small letters, digits and hyphens come through unchanged."""
    assert safe_user_name(name) == safe_server_name(name) == name


@pytest.mark.parametrize("name", BAD, ids=ascii)
def test_other_names_do_not(name: str) -> None:
    """Everything else is refused with the rule, for people and for servers."""
    with pytest.raises(UnsafeValueError, match="small letters"):
        safe_user_name(name)
    with pytest.raises(UnsafeValueError, match="small letters"):
        safe_server_name(name)


def test_the_default_server_has_no_name() -> None:
    """The empty name is a server's, and never a person's."""
    assert safe_server_name("") == ""
    with pytest.raises(UnsafeValueError):
        safe_user_name("")
