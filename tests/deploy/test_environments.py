"""Python environments: that trainees can execute them, and when they are built anew."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from aula import catalogue
from deploy import environments
from deploy import settings as deploy_settings
from deploy.errors import DeployError
from deploy.settings import CHECKOUT, Settings


@pytest.fixture
def open_prefix(settings: Settings, tmp_path: Path) -> Settings:
    """Settings whose prefix every account can enter, as are all folders above it."""
    for folder in [tmp_path, *tmp_path.parents]:
        if folder.owner() == "root" and folder.stat().st_mode & 0o777 == 0o700:
            folder.chmod(0o711)
    return replace(settings, prefix=tmp_path / "open")


def test_a_prefix_that_everybody_can_enter_is_well(open_prefix: Settings) -> None:
    """The system's Python in a prefix that others can execute is accepted."""
    environments._check_python(open_prefix)


def test_a_prefix_that_others_cannot_enter_is_refused(open_prefix: Settings) -> None:
    """A prefix of mode 0700 would end in 'bad interpreter' for every trainee: it is refused, with the remedy."""
    open_prefix.prefix.mkdir(mode=0o700)
    with pytest.raises(DeployError, match=rf"cannot execute {open_prefix.prefix}, .*chmod o\+x"):
        environments._check_python(open_prefix)


def test_a_prefix_below_a_closed_folder_is_refused(open_prefix: Settings, tmp_path: Path) -> None:
    """A prefix in somebody's closed home is refused although its own mode is open."""
    (tmp_path / "home").mkdir(mode=0o700)
    (tmp_path / "home" / "prefix").mkdir(mode=0o755)
    with pytest.raises(DeployError, match="Choose another PREFIX"):
        environments._check_python(replace(open_prefix, prefix=tmp_path / "home" / "prefix"))


def test_a_python_that_others_cannot_execute_is_refused(
    open_prefix: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Python under a closed home folder, as pyenv makes, is refused by name."""
    (tmp_path / "home").mkdir(mode=0o700)
    python = tmp_path / "home" / "python3"
    python.write_bytes(b'#!/bin/sh\nexec /usr/bin/python3 "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr(environments, "PYTHON", python)
    with pytest.raises(DeployError, match=rf"cannot execute {python}"):
        environments._check_python(open_prefix)


def test_a_missing_python_is_refused(open_prefix: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no Python at all, the sentence says which one and what to install."""
    monkeypatch.setattr(environments, "PYTHON", tmp_path / "python3")
    with pytest.raises(DeployError, match=r"python3 is missing or older than Python 3\.11\. Install"):
        environments._check_python(open_prefix)


def test_the_fingerprint_follows_the_content(tmp_path: Path) -> None:
    """A changed, renamed or added file changes a folder's fingerprint; caches and egg-info do not."""
    folder = tmp_path / "package"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "package.egg-info").mkdir()
    (folder / "a.py").write_text("1")
    first = environments.fingerprint(folder)
    (folder / "__pycache__" / "a.pyc").write_text("x")
    (folder / "package.egg-info" / "PKG-INFO").write_text("x")
    assert environments.fingerprint(folder) == first
    seen = {first}
    (folder / "a.py").write_text("2")
    seen.add(environments.fingerprint(folder))
    (folder / "a.py").rename(folder / "b.py")
    seen.add(environments.fingerprint(folder))
    (folder / "c.py").write_text("")
    seen.add(environments.fingerprint(folder))
    assert len(seen) == 4


@pytest.mark.parametrize("name", ["hub", "user", "tools", "test", "course-torch"])
def test_every_requirement_is_pinned_with_a_hash_or_a_version(name: str) -> None:
    """A lock names one version of each package, so that two machines get the same class."""
    lines = (environments.LOCKS / f"{name}.txt").read_text().splitlines()
    wanted = [line for line in lines if line and not line.lstrip().startswith(("#", "--hash"))]
    assert wanted
    assert all("==" in line for line in wanted)


@pytest.fixture
def courses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The courses folder of another checkout: one course that names an environment, and one that does not."""
    monkeypatch.setattr(environments, "CHECKOUT", tmp_path)
    for name, line in (("plain", ""), ("deep", "environment: torch  # for its networks\n")):
        (tmp_path / "courses" / name).mkdir(parents=True)
        (tmp_path / "courses" / name / "course.yml").write_text(f"title: {name}\n{line}minutes: 60\n")
    return tmp_path / "courses"


def test_a_course_may_name_its_environment(courses: Path) -> None:
    """Notebooks run on the user environment, or on what their course names."""
    assert environments.of_course(courses / "plain") == "user"
    assert environments.of_course(courses / "deep") == "course-torch"
    assert environments.of_course(courses / "gone") == "user"
    assert environments.of_courses() == ["user", "course-torch"]


def test_an_unknown_environment_is_named_with_those_that_there_are(courses: Path) -> None:
    """A misspelt name ends before anything is installed."""
    (courses / "deep" / "course.yml").write_text("environment: troch\n")
    with pytest.raises(DeployError, match=r"deep/course.yml: there is no environment 'troch'. There are: torch"):
        environments.of_courses()


def test_the_contract_and_the_machine_read_the_same_environment() -> None:
    """What `up` installs for a course is what the course's contract says."""
    for course in catalogue.load(CHECKOUT).courses:
        named = course.contract.environment
        assert environments.of_course(course.folder) == (f"course-{named}" if named else "user")


def test_what_pip_installs_is_part_of_an_environments_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another torch is another environment, as another lock is."""
    monkeypatch.setattr(deploy_settings, "CHECKOUT", tmp_path)
    folder = tmp_path / "deploy" / "environments"
    folder.mkdir(parents=True)
    (folder / "course-x.txt").write_text("a==1\n")
    names = {deploy_settings.lock_digest("course-x")}
    for version in ("1", "2"):
        (folder / "course-x.pip.txt").write_text(f"torch=={version}\n")
        names.add(deploy_settings.lock_digest("course-x"))
    assert len(names) == 3


def test_an_environments_kernel_has_its_name_and_its_programs(tmp_path: Path) -> None:
    """The kernel is called as the environment, python3 stays the user environment's, and `python` is its own."""
    stock = tmp_path / "share/jupyter/kernels/python3"
    stock.mkdir(parents=True)
    environments._describe_kernel(tmp_path, "torch")
    described = json.loads((tmp_path / "share/jupyter/kernels/torch/kernel.json").read_text())
    assert described["argv"][0] == f"{tmp_path}/bin/python"
    assert described["env"]["PATH"] == f"{tmp_path}/bin:${{PATH}}"
    assert not stock.exists()


def test_environments_that_nobody_needs_go_with_their_images(settings: Settings, tmp_path: Path) -> None:
    """Today's user environment stays, and one that a course run was made ready with; images go with theirs."""
    mine = replace(settings, prefix=tmp_path)
    now = mine.environment("user").name
    for name in (now, "user-of-a-run", "user-of-nobody"):
        (tmp_path / "envs" / name).mkdir(parents=True)
        (tmp_path / "envs" / f"{name}.squashfs").touch()
    (tmp_path / "envs" / "tools").mkdir()
    environments.tidy(mine, ["user-of-a-run"])
    kept = {now, "user-of-a-run"}
    assert {path.name for path in (tmp_path / "envs").iterdir()} == {"tools", *kept, *(f"{n}.squashfs" for n in kept)}
