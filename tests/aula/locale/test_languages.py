"""Which language a request is answered in."""

import pytest

from aula.locale import choose


@pytest.mark.parametrize(
    ("cookie", "header", "preferred", "chosen"),
    [
        (None, None, None, "en"),
        ("tr", "es", "ca", "tr"),
        (None, "es", "ca", "ca"),
        (None, "es-ES,es;q=0.9,en;q=0.8", None, "es"),
        (None, "de, fr;q=0.9, ro;q=0.3, pt-BR;q=0.7", None, "pt"),
        (None, "en;q=0.1, ca;q=0.2", None, "ca"),
        (None, "tr_TR", None, "tr"),
        (None, "TR", None, "tr"),
        (None, "es;q=0, ca;q=0.1", None, "ca"),
        (None, "de, zh", None, "en"),
        ("xx", "es", None, "es"),
        ("../../etc", ";;;q=,=,", "", "en"),
        (None, "es;q=nan", None, "en"),
        (None, "es;q=two, tr", None, "tr"),
        (None, "es" + ",x" * 100_000, None, "es"),
    ],
)
def test_the_click_goes_before_the_person_and_the_browser(
    cookie: str | None, header: str | None, preferred: str | None, chosen: str
) -> None:
    """A click counts most, then the person's own language, then what the browser likes best of ours, then English."""
    assert choose(cookie, header, preferred) == chosen
