"""Settings from the environment."""

from pathlib import Path

import pytest

from deploy import demo, network
from deploy.classroom import places
from deploy.classroom.places import Place
from deploy.errors import SettingError
from deploy.settings import PORT_OFFSETS, Settings
from deploy.slurm.configuration import cluster_name

OTHER = {"NAME": "aula-test", "PORT": "9000", "SUBNET": "10.78.0"}


def test_without_settings_it_is_the_main_classroom() -> None:
    """An empty environment gives the names, folders and ports that the guides speak of."""
    settings = Settings.from_environment({})
    assert (settings.name, settings.prefix, settings.state) == ("aula", Path("/opt/aula"), Path("/srv/aula"))
    assert settings.site.address == "http://127.0.0.1:8000"
    assert settings.local("ana") == "ana"
    assert settings.nodes == 2


@pytest.mark.parametrize("key", ["PREFIX", "STATE", "PORT", "NODES"])
def test_an_empty_value_means_the_default(key: str) -> None:
    """A variable that is set to nothing, as make and shells do, counts as not set."""
    assert Settings.from_environment({key: ""}) == Settings.from_environment({})


@pytest.mark.parametrize(
    ("key", "value", "remedy"),
    [
        ("NAME", "", "1 to 9 lower-case letters"),
        ("NAME", "Aula", "1 to 9 lower-case letters"),
        ("NAME", "1aula", "a letter first"),
        ("NAME", "aula-much-too-long", "1 to 9"),
        ("NAME", "a;id", "1 to 9"),
        ("NAME", "../x", "1 to 9"),
        ("NAME", "aula\n", "1 to 9"),
        ("PREFIX", "opt/aula", "absolute path"),
        ("PREFIX", "/", "at least two folders deep"),
        ("STATE", "/srv", "as /srv/aula"),
        ("STATE", "/srv/my class", "letters, digits"),
        ("STATE", "/srv/aula$HOME", "letters, digits"),
        ("STATE", "/srv/aula\n", "letters, digits"),
        ("PORT", "eighty", "a whole number from 1024 to 65000"),
        ("PORT", "80", "a whole number from 1024 to 65000"),
        ("PORT", "65536", "a whole number from 1024 to 65000"),
        ("PORT", "8000.5", "a whole number"),
        ("PORT", "-1", "a whole number"),
        ("NODES", "1", "a whole number from 2 to 9"),
        ("NODES", "10", "a whole number from 2 to 9"),
        ("SUBNET", "10.77", "first three numbers"),
        ("SUBNET", "10.77.256", "first three numbers"),
        ("SUBNET", "8.8.8", "private network"),
        ("SUBNET", "10.77.0.0/24", "first three numbers"),
    ],
)
def test_a_bad_value_is_refused_by_name_and_with_the_remedy(key: str, value: str, remedy: str) -> None:
    """A value that cannot be used is refused with a sentence that names key and value and says what to give."""
    with pytest.raises(SettingError) as refusal:
        Settings.from_environment({key: value})
    assert str(refusal.value).startswith(f"{key}={value}: ")
    assert remedy in str(refusal.value)


def test_a_folder_that_is_a_link_is_followed_once_and_for_all(tmp_path: Path) -> None:
    """An operator may link the state folder to a larger disk: we work with where it really is."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    assert Settings.from_environment({"STATE": str(tmp_path / "link")}).state == tmp_path / "disk"


def test_two_classrooms_share_no_name() -> None:
    """Accounts, groups, host names, namespaces, links and the Slurm cluster of two classrooms differ."""

    def names(settings: Settings) -> set[str]:
        nodes = network.nodes(settings)
        return {
            *demo.names(settings),
            *(settings.local(company) for company in demo.COMPANIES),
            *settings.site.pool,
            *settings.site.run_accounts,
            settings.site.hub_account,
            settings.site.course_account,
            settings.site.portal_account,
            settings.site.people_group,
            demo.house_account(settings),
            cluster_name(settings),
            network.bridge(settings),
            settings.local("head"),
            *(node.name for node in nodes),
            *(node.interface for node in nodes),
            *(node.address for node in nodes),
            settings.head_address,
            str(settings.prefix),
            str(settings.state),
        }

    assert not names(Settings.from_environment({})) & names(Settings.from_environment(OTHER))


def test_two_classrooms_share_no_port() -> None:
    """No service of one classroom has the port of any service of another, 100 ports on."""
    one, other = (
        {
            *(settings.port_of(what) for what in PORT_OFFSETS),
            *(Place("x", number, "x").port(settings) for number in range(places.MOST)),
        }
        for settings in (Settings.from_environment({}), Settings.from_environment({"PORT": "8100"}))
    )
    assert len(one) == len(other) == len(PORT_OFFSETS) + places.MOST
    assert not one & other


def test_what_ran_elsewhere_is_passed_on(tmp_path: Path) -> None:
    """KEPT reaches the processes that mean the same class; without it nothing does."""
    settings = Settings.from_environment({"KEPT": str(tmp_path / "kept")})
    assert settings.kept == tmp_path / "kept"
    assert Settings.from_environment(settings.environment_variables) == settings
    assert "KEPT" not in Settings.from_environment({}).environment_variables
    with pytest.raises(SettingError, match="KEPT=kept: give an absolute path"):
        Settings.from_environment({"KEPT": "kept"})


def test_names_of_network_links_fit_the_kernel() -> None:
    """The longest name of a classroom still gives interface names of at most 15 characters."""
    settings = Settings.from_environment({"NAME": "abcdefghi", "NODES": "9"})
    links = [network.bridge(settings), *(node.interface for node in network.nodes(settings))]
    assert max(map(len, links)) <= 15
