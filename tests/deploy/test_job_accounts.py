"""Accounts for handed-in job scripts: who may run what as them, what they may have of the cluster."""

import json
from dataclasses import replace

import pytest

from deploy import sudo
from deploy.classroom import job_accounts, places
from deploy.settings import Settings
from deploy.slurm import job_associations
from deploy.slurm.layout import Layout


@pytest.fixture
def centre(settings: Settings, me: str) -> Settings:
    """A centre with two accounts for course runs, of which the first has one for job scripts: ours."""
    site = replace(settings.site, run_accounts=("run01", "run02"), job_accounts=(me,), course_account=me)
    return replace(settings, cluster="site", described=site)


def test_each_may_run_one_program_as_one_account(settings: Settings) -> None:
    """Each account of course runs has an account of its own for scripts, and may run the program without arguments."""
    name, program = settings.name, settings.prefix / "bin" / "aula-job"
    rules = job_accounts.rules(settings).splitlines()
    assert rules[0] == f'{name}-run01 ALL=({name}-job01) NOPASSWD: {program} ""'
    assert len(rules) == len({rule.split("(")[1].split(")")[0] for rule in rules}) == 20
    assert {*rules} < {*sudo.rules(settings).splitlines()}


@pytest.mark.parametrize("name", ["root", "daemon"])
def test_nobody_may_act_as_the_system(settings: Settings, name: str) -> None:
    """A site that names root, or a daemon's account, gets no rule for it."""
    here = replace(settings, described=replace(settings.site, job_accounts=(name,)))
    assert job_accounts.pairs(here) == {}


def test_a_run_without_an_account_has_no_note(centre: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The note in a run's folder says account and program; a run that has none, or none any more, has no note."""
    monkeypatch.setattr(job_accounts, "is_persons", lambda _: True)
    first, second = places.of(centre, "hpc-1"), places.of(centre, "hpc-2")
    assert (first.account, second.account) == ("run01", "run02")
    for place in (first, second):
        place.folder(centre).mkdir(parents=True)
        job_accounts.up(centre, place)
    said = json.loads((first.folder(centre) / job_accounts.FILE).read_text())
    account = centre.site.job_accounts[0]
    assert said["account"] == account
    assert said["program"] == ["/usr/bin/sudo", "-n", "-u", account, str(job_accounts.program(centre))]
    assert not (second.folder(centre) / job_accounts.FILE).exists()
    own = centre.site.course_folder / "jobs" / account
    assert own.stat().st_mode & 0o777 == 0o700
    none = replace(centre, described=replace(centre.site, job_accounts=()))
    job_accounts.up(none, first)
    assert not (first.folder(centre) / job_accounts.FILE).exists()


def test_the_program_has_a_clean_environment(centre: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of who calls it reaches a job; the folder is that of the account that it runs as."""
    monkeypatch.setattr(job_accounts, "is_persons", lambda _: True)
    place = places.of(centre, "hpc-1")
    place.folder(centre).mkdir(parents=True)
    job_accounts.up(centre, place)
    program = job_accounts.program(centre)
    last = program.read_text().splitlines()[-1]
    assert last.startswith("exec env -i PATH=")
    assert f'-I -m aula.grading.jobs.alone {centre.site.course_folder}/jobs/"$(id -un)" /tmp' in last
    assert program.stat().st_mode & 0o777 == 0o755


def test_slurm_knows_each_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """An account is made with its limits, and who grades becomes its coordinator; what is there already stays."""
    listing, changes = ["house|", "job01|run01,other"], list[list[str]]()

    def run(words: list[str], env: dict[str, str]) -> str:  # noqa: ARG001  as deploy.command.run takes it
        if "show" in words:
            return "\n".join(listing)
        changes.append(words[2:])
        return ""

    monkeypatch.setattr(job_associations, "run", run)
    job_associations.up(Layout(settings), "house", {"run01": "job01"})
    assert changes == []
    job_associations.up(Layout(settings), "house", {"run01": "job01", "run02": "job02"})
    assert [words[1:3] for words in changes] == [
        ["account", "job02"],
        ["user", "job02"],
        ["coordinator", "Account=job02"],
    ]
    assert "MaxSubmitJobs=1" in changes[1]
    assert changes[2][-1] == "Names=run02"
