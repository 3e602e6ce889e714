"""Sentences that are raised in one place and read in another."""

from aula.errors import AulaError
from aula.locale import message, translated


def test_a_message_is_english_until_it_is_read() -> None:
    """It is the English sentence, and can be said in any language with its values, as an error too."""
    said = message("Too many wrong codes. Wait {minutes} minutes.", minutes=5)
    assert said == "Too many wrong codes. Wait 5 minutes."
    assert translated(said, "es") == "Demasiados códigos incorrectos. Espera 5 minutos."
    assert translated(AulaError(said), "en") == said
    assert translated(AulaError(said), "ca") == "Massa codis incorrectes. Espera 5 minuts."


def test_values_may_be_messages_themselves() -> None:
    """A message within a message is translated too."""
    field = message("Full name")
    assert translated(message("{field}: this is needed.", field=field), "tr") == "Ad soyad: bu gerekli."


def test_a_value_is_no_template() -> None:
    """Braces and percent signs that somebody typed stay as they are."""
    said = message("{field}: this is needed.", field="{0.__class__} %s {x}")
    assert said == "{0.__class__} %s {x}: this is needed."
    assert translated(said, "pt").startswith("{0.__class__} %s {x}:")


def test_other_text_stays_as_it_is() -> None:
    """What nobody marked is shown as it was written."""
    assert translated(AulaError("squeue said: no"), "ro") == "squeue said: no"
    assert translated("", "ro") == ""
