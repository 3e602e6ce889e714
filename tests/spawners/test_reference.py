"""The book's page of settings says what the settings themselves say, and every setting says something."""

from pathlib import Path

from aula_spawner import reference
from aula_spawner.settings import Settings
from aula_spawner.slurm.profile import Profile
from aula_spawner.spawner import AulaSpawner

PAGE = Path(__file__).parents[2] / "book/guides/spawner-settings.md"


def test_every_setting_explains_itself() -> None:
    """Each setting of ours has a help text that is a sentence, and each key of a profile says what it means."""
    silent = [name for name, trait in reference.settings().items() if not trait.help.rstrip().endswith((".", ")"))]
    assert silent == []
    assert [name for name, field in Profile.model_fields.items() if not field.description] == []


def test_no_setting_is_left_out() -> None:
    """The page has each trait of the settings' class, and none that is batchspawner's or JupyterHub's alone."""
    found = set(reference.settings())
    assert set(Settings.class_own_traits()) <= found
    assert {"req_memory", "batch_script", "poll_interval"} <= set(AulaSpawner.class_traits()) - found
    assert all(f"\n| `{name}` |" in reference.page() for name in found | set(Profile.model_fields))


def test_the_books_page_is_up_to_date() -> None:
    """The page in the book is what the package says now."""
    assert PAGE.read_text(encoding="utf-8") == reference.page(), (
        f"write it anew: PYTHONPATH=spawners python -m aula_spawner.reference > {PAGE.relative_to(PAGE.parents[2])}"
    )
