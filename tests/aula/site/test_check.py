"""The check of a site, each part with a system that answers wrongly in one way."""

import json
import os
import pwd
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from aula.site.check import (
    accounts,
    certificate,
    database,
    everything,
    folders,
    rights,
    sign_in,
    slurm,
    subdomains,
)
from aula.site.check.outcome import Outcome, failed
from aula.site.check.system import Answer, System
from aula.site.schema import Site
from tests.hub_config.oidc.forger import ForgingProvider

ISSUER = "https://login.example.org/realms/aula"
DISCOVERY = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
}
SINFO = "up|8:00:00|8|65536|2\n"


@dataclass(frozen=True)
class AnsweringSystem(System):
    """A system in which everything is well, but for the commands that contain one of the given words."""

    bad: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset(
        {"aula-hub", "aula-course", "aula-portal", "aula-hand-in", "train01", "train02", "train03"}
        | {"aula-run1", "aula-run2", "aula-job1", "aula-job2"}
    )
    people: frozenset[str] = frozenset({"train01", "train02", "train03"})

    def run(self, words: Sequence[str], account: str | None = None, text: str = "", seconds: float = 30) -> Answer:
        """Answer as a site that is well would, or badly."""
        del text, seconds
        line = " ".join(map(str, words))
        for word, said in self.bad.items():
            if word in f"{account}: {line}":
                return Answer(1, said)
        if "-u root" in line or "/usr/bin/id" in line or line.startswith("test -w"):
            return Answer(1, "not allowed")
        good = dict(sorted(self.said.items(), key=lambda one: -len(one[0]))) | {
            "openid-config": json.dumps(DISCOVERY),
            "stat -c": "600 40",
            "sinfo --no": SINFO,
            "scontrol ping": "Slurmctld(primary) at head is UP",
            "df": "Avail\n5000M\n",
        }
        return Answer(0, next((said for part, said in good.items() if part in line), "slurm 23.11"))

    def account(self, name: str) -> pwd.struct_passwd | None:
        """Return somebody for a known name."""
        return pwd.getpwnam("nobody") if name in self.known else None

    def members(self, group: str) -> set[str] | None:
        """Return the people."""
        return set(self.people) if group == "aula-people" else None


def bad(outcomes: Iterable[Outcome]) -> dict[str, str]:
    """Return what failed, with what was found; each has a remedy."""
    found = [outcome for outcome in outcomes if outcome.state == "failed"]
    assert all(outcome.remedy for outcome in found)
    return {outcome.name: outcome.found for outcome in found}


Check = Callable[[Site, System], Iterable[Outcome]]


@pytest.mark.parametrize("check", [accounts.check, slurm.check, rights.check, folders.check, sign_in.check])
def test_a_site_that_is_well_passes(site: Site, check: Check) -> None:
    """Where everything answers as it should, nothing fails."""
    outcomes = list(check(site, AnsweringSystem()))
    assert bad(outcomes) == {}
    assert all(outcome.state == "ok" for outcome in outcomes if outcome.name != "list of all jobs")


@pytest.mark.parametrize(
    ("check", "system", "what", "found"),
    [
        (accounts.check, AnsweringSystem(known=frozenset({"aula-hub"})), "accounts", "aula-hand-in, aula-run1"),
        (accounts.check, AnsweringSystem(people=frozenset({"train01"})), "group", "train02"),
        (accounts.check, AnsweringSystem(people=frozenset({"train01", "aula-hub"})), "hub's account", "aula-hub"),
        (slurm.check, AnsweringSystem(bad={"unmunge": "Invalid credential"}), "munge", "Invalid credential"),
        (slurm.check, AnsweringSystem(bad={"scancel": "not there"}), "slurm commands", "scancel"),
        (slurm.check, AnsweringSystem(bad={"ping": "Unable to contact"}), "slurm controller", "Unable to contact"),
        (slurm.check, AnsweringSystem(bad={"=batch": "Invalid"}), "partition batch", "no such partition"),
        (
            rights.check,
            AnsweringSystem(bad={"train01 /usr/bin/squeue": "a password"}),
            "hub's sudo rules",
            "train01",
        ),
        (rights.check, AnsweringSystem(bad={"train02: /usr/bin/sbatch": "Invalid"}), "people may submit", "train02"),
        (rights.check, AnsweringSystem(bad={"aula-course: /usr": "Invalid account"}), "course may submit", "Invalid"),
        (rights.check, AnsweringSystem(bad={"aula-run2: /usr": "Invalid account"}), "course may submit", "aula-run2"),
        (sign_in.check, AnsweringSystem(bad={"aula-hub: /usr/bin/py": "timed out"}), "identity provider", "timed out"),
        (sign_in.check, AnsweringSystem(bad={"stat -c": "No such file"}), "client's secret", "No such file"),
        (folders.check, AnsweringSystem(bad={"chown": "not permitted"}), "folder course", "root may not chown"),
        (folders.check, AnsweringSystem(bad={"ls /shared/aula/software": "denied"}), "folder software", "cannot read"),
    ],
)
def test_what_is_wrong_is_told(site: Site, check: Check, system: System, what: str, found: str) -> None:
    """Each thing that can be wrong is one failed outcome that names it."""
    assert found in bad(check(site, system))[what]


def test_a_hub_with_too_many_rights_is_told(site: Site) -> None:
    """A hub that may become root by sudo is a failure, not a convenience."""

    @dataclass(frozen=True)
    class TooKind(AnsweringSystem):
        def run(self, words: Sequence[str], account: str | None = None, text: str = "", seconds: float = 30) -> Answer:
            return Answer(0, "") if "-u root" in " ".join(words) else super().run(words, account, text, seconds)

    assert "as root" in bad(rights.check(site, TooKind()))["hub's limits"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("down|8:00:00|8|4096|2", "not up"),
        ("up|1:00:00|8|4096|2", "time limit"),
        ("up|8:00:00|1|4096|2", "no node of it"),
        ("up|8:00:00|8|512|2", "no node of it"),
        ("", "no such partition"),
        ("nonsense", "no such partition"),
        ("up|8:00:00|8+|4096+|lots", "no such partition"),
    ],
)
def test_a_partition_that_cannot_take_a_server_is_told(site: Site, line: str, what: str) -> None:
    """A closed, short or small partition is named with what it lacks, and nonsense is no partition."""

    @dataclass(frozen=True)
    class Partition(AnsweringSystem):
        def run(self, words: Sequence[str], account: str | None = None, text: str = "", seconds: float = 30) -> Answer:
            ours = "sinfo" in words[0] and "--noheader" in words
            return Answer(0, line) if ours else super().run(words, account, text, seconds)

    assert what in bad(slurm.check(site, Partition()))["partition interactive"]


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("<html>", "no discovery document"),
        ("[]", "no discovery document"),
        (json.dumps({**DISCOVERY, "jwks_uri": None}), "no discovery document"),
        (json.dumps({**DISCOVERY, "issuer": f"{ISSUER}/"}), f"calls itself '{ISSUER}/'"),
        (json.dumps({**DISCOVERY, "issuer": None}), "calls itself 'None'"),
        (json.dumps({**DISCOVERY, "token_endpoint": "http://login.example.org/token"}), "token_endpoint has no TLS"),
    ],
)
def test_a_provider_that_is_another_one_is_told(site: Site, said: str, what: str) -> None:
    """An issuer that differs by a slash, nonsense, and an endpoint without TLS are named before anybody signs in."""

    @dataclass(frozen=True)
    class Discovery(AnsweringSystem):
        def run(self, words: Sequence[str], account: str | None = None, text: str = "", seconds: float = 30) -> Answer:
            return Answer(0, said) if "python3" in words[0] else super().run(words, account, text, seconds)

    assert what in bad(sign_in.check(site, Discovery()))["identity provider"]


@pytest.mark.parametrize(
    ("mode", "text", "what"), [(0o644, "x", "others"), (0o640, "x", "others"), (0o600, "", "empty")]
)
def test_a_secret_that_others_can_read_is_told(site: Site, tmp_path: Path, mode: int, text: str, what: str) -> None:
    """The real file is looked at; one that only its owner can read passes."""
    file = tmp_path / "secret"
    file.write_text(text)
    file.chmod(mode)
    assert site.sign_in.oidc is not None
    oidc = site.sign_in.oidc.model_copy(update={"client_secret_file": str(file)})
    ours = site.model_copy(update={"sign_in": site.sign_in.model_copy(update={"oidc": oidc})})
    mine = ours.model_copy(update={"accounts": site.accounts.model_copy(update={"hub": "no-such-account"})})
    assert what in bad(sign_in.check(mine, System()))["client's secret"]
    file.write_text("a secret")
    file.chmod(0o600)
    assert bad(sign_in.check(mine, System())) == {}


def test_a_provider_is_asked_for_real(site: Site) -> None:
    """The discovery document of a running provider is fetched, in the name of the hub's account."""
    me, provider = pwd.getpwuid(os.geteuid()).pw_name, ForgingProvider()
    assert site.sign_in.oidc is not None
    oidc = site.sign_in.oidc.model_copy(update={"issuer": provider.issuer})
    changes = {
        "sign_in": site.sign_in.model_copy(update={"oidc": oidc}),
        "accounts": site.accounts.model_copy(update={"hub": me}),
    }
    ours = site.model_copy(update=changes)
    assert "identity provider" not in bad(sign_in.check(ours, System()))
    provider.stop()
    assert "refused" in bad(sign_in.check(ours, System()))["identity provider"]


def test_a_site_without_a_provider_is_well(site: Site) -> None:
    """Passwords alone are a choice, and no failure."""
    ours = site.model_copy(update={"sign_in": site.sign_in.model_copy(update={"oidc": None})})
    assert [outcome.state for outcome in sign_in.check(ours, System())] == ["skipped"]


def test_the_database_is_tried_for_real(site: Site, tmp_path: Path) -> None:
    """A state folder that can be written passes and is left clean; one that cannot is told."""
    me = pwd.getpwuid(os.geteuid()).pw_name
    mine = site.model_copy(update={"accounts": site.accounts.model_copy(update={"hub": me})})
    assert bad(database.check(mine, System(), tmp_path)) == {}
    assert list((tmp_path / "hub").iterdir()) == []
    (tmp_path / "file").write_text("")
    assert "database" in bad(database.check(mine, System(), tmp_path / "file"))


def test_a_certificate_is_compared_with_key_and_address(site: Site, tmp_path: Path) -> None:
    """A certificate passes for its own key and address; a wrong key, address or end is told."""

    def make(name: str, days: int) -> tuple[str, str]:
        key, pem = str(tmp_path / f"{name}.key"), str(tmp_path / f"{name}.pem")
        words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=aula"
        names = ["-addext", "subjectAltName=DNS:aula.example.org", "-days", str(days), "-keyout", key, "-out", pem]
        subprocess.run([*words.split(), *names], check=True, capture_output=True)
        return pem, key

    (good, key), (short, short_key) = make("good", 90), make("short", 3)

    def told(address: str, pem: str, secret: str) -> str:
        public = site.public.model_copy(update={"address": address, "certificate": pem, "key": secret})
        return bad(certificate.check(site.model_copy(update={"public": public}), System())).get("certificate", "")

    assert told("https://aula.example.org/", good, key) == ""
    assert "not the certificate's" in told("https://aula.example.org/", good, short_key)
    assert "not for other.example.org" in told("https://other.example.org/", good, key)
    assert "ends within" in told("https://aula.example.org/", short, short_key)
    assert told("https://aula.example.org/", "/nowhere.pem", key)


def test_the_list_of_all_jobs_is_tried(site: Site) -> None:
    """A site's own program is run as the hub's account; what the hub could not read is told."""
    there = site.model_copy(update={"slurm": site.slurm.model_copy(update={"jobs": "/opt/list-jobs"})})

    def told(said: str) -> str:
        system = AnsweringSystem(said={"/opt/list-jobs": said})
        return bad(rights.check(there, system)).get("list of all jobs", "")

    assert told("7|RUNNING|n1|interactive|9|N/A|None\n8|PENDING||interactive|9|N/A|a|b\n") == ""
    assert told("") == ""
    assert "JOBID" in told("JOBID PARTITION NAME\n")
    refused = AnsweringSystem(bad={"/opt/list-jobs": "permission denied"})
    assert bad(rights.check(there, refused))["list of all jobs"] == "permission denied"
    assert "skipped" in [one.state for one in rights.check(site, AnsweringSystem()) if one.name == "list of all jobs"]


def test_names_below_the_public_one_are_tried(site: Site) -> None:
    """Where people's servers have names of their own, one that leads elsewhere, or has no certificate, is told."""
    flat = site.model_copy(update={"public": site.public.model_copy(update={"subdomains": False})})
    well = {"-checkhost": "Hostname does match certificate"}

    def told(**said: str) -> str:
        system = AnsweringSystem(said=well | {"ahosts": "192.0.2.1 STREAM"} | said)
        return bad(subdomains.check(site, system)).get("subdomains", "")

    assert told() == ""
    assert "aula-check.aula.example.org leads to 192.0.2.9" in told(**{"ahosts aula-check": "192.0.2.9 STREAM"})
    assert "nowhere" in told(ahosts="")
    assert "certificate is not for" in told(**{"-checkhost": "Hostname does NOT match certificate"})
    assert [outcome.state for outcome in subdomains.check(flat, AnsweringSystem())] == ["skipped"]


def test_a_line_of_the_table_has_the_remedy_below() -> None:
    """People read sign, name and what was found, and below a failure what helps."""
    assert everything.line(failed("munge", "no socket", "Start munged.")).splitlines() == [
        "  ✗  munge                  no socket",
        "      → Start munged.",
    ]


def test_the_command_needs_no_heavy_library() -> None:
    """`aula site` works in the hub's environment, which has neither nbgrader nor papermill nor nbformat."""
    code = (
        "import sys\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in {'nbformat', 'nbgrader', 'papermill', 'jupytext', 'nbclient'}:\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Refuse())\n"
        "from aula.cli import main\n"
        "sys.exit(main(['site', 'reference']))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
