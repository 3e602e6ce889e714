"""Who may do what beyond their own account, and nothing else.

The hub: five commands of Slurm's in people's names, and a list of all jobs where Slurm is our own. Who grades: to run
job scripts that were handed in, as an account that owns nothing.
"""

import tempfile
from pathlib import Path

from deploy import files, people
from deploy.accounts import is_persons
from deploy.classroom import job_accounts
from deploy.command import run
from deploy.settings import Settings
from deploy.slurm import listing

COMMANDS = ("sbatch", "squeue", "scancel", "scontrol", "sacct")
# What of the hub's environment a job may see; the spawner fills these (aula_spawner's KEPT_ENVIRONMENT).
KEPT_ENVIRONMENT = "JUPYTERHUB_* SLURM_CONF"


def rules(settings: Settings) -> str:
    """Return the sudo rules: this account, these people's accounts, these commands, without arguments for the list."""
    site = settings.site
    commands = ", ".join(str(site.slurm.commands / command) for command in COMMANDS)
    names = dict.fromkeys([*site.pool, *(account.name for account in people.read(settings).accounts)])
    accounts = [name for name in names if is_persons(name)]  # never root, nor a daemon's
    rule = f"{site.hub_account} ALL=({', '.join(accounts)}) NOPASSWD: {commands}\n" if accounts else ""
    if settings.cluster == "machine":
        rule += f'{site.hub_account} ALL=({listing.ACCOUNT}) NOPASSWD: {listing.program(settings)} ""\n'
    return (
        f"# What accounts of {settings.name} may do beyond their own, and nothing else.\n"
        f'Defaults:{site.hub_account} env_keep = "{KEPT_ENVIRONMENT}", !requiretty, !syslog, !lecture\n'
        f"{job_accounts.rules(settings)}{rule}"
    )


def up(settings: Settings) -> None:
    """Check the rules with visudo and put them where sudo reads them."""
    if settings.cluster == "machine":
        listing.write(settings)
    with tempfile.NamedTemporaryFile("w", suffix=".sudoers") as draft:
        draft.write(rules(settings))
        draft.flush()
        run(["visudo", "--check", "--quiet", "--file", draft.name])
    files.write(_file(settings), rules(settings), mode=0o440)


def down(settings: Settings) -> None:
    """Take the rules away."""
    _file(settings).unlink(missing_ok=True)


def _file(settings: Settings) -> Path:
    return Path("/etc/sudoers.d") / settings.name
