"""MariaDB for Slurm's accounting: its own data folder, a socket only, Slurm's account only."""

import shutil

from deploy import files
from deploy.command import run, succeeds
from deploy.daemon import Daemon
from deploy.slurm.layout import Layout


def daemon(layout: Layout) -> Daemon:
    """Return this cluster's own MariaDB, beside any other on the machine."""
    return Daemon(
        "mariadb",
        layout.settings.state,
        [
            "/usr/sbin/mariadbd",
            "--no-defaults",
            f"--datadir={layout.database}/data",
            f"--socket={layout.database_socket}",
            f"--pid-file={layout.database}/pid",
            "--skip-networking",
            "--innodb-lock-wait-timeout=900",
            "--innodb-buffer-pool-size=64M",
            "--innodb-log-file-size=64M",
            "--plugin-load-add=auth_socket",
            "--skip-log-bin",
        ],
        user="mysql",
    )


def up(layout: Layout) -> None:
    """Make the database once and start MariaDB. Slurm's user signs in by its Unix account, without a password."""
    files.folder(layout.database, mode=0o755, owner="mysql", group="mysql")
    data = layout.database / "data"
    if not data.exists():
        draft = layout.database / "draft"  # renamed when whole: an interrupted `up` leaves no half database
        shutil.rmtree(draft, ignore_errors=True)
        run(
            [
                "mariadb-install-db",
                "--no-defaults",
                f"--datadir={draft}",
                "--user=mysql",
                "--skip-test-db",
                "--auth-root-authentication-method=socket",
                "--skip-name-resolve",
            ]
        )
        draft.rename(data)
    daemon(layout).start(lambda: answers(layout), within=60)
    run(
        _client(
            layout,
            "CREATE USER IF NOT EXISTS slurm@localhost IDENTIFIED VIA unix_socket;"
            "GRANT ALL ON slurm_acct.* TO slurm@localhost;",
        )
    )
    _load_restored(layout)


def dump(layout: Layout) -> str:
    """Return the accounting as statements that make it again; nothing where the database does not run."""
    if daemon(layout).pid() is None:
        return ""
    words = ["mariadb-dump", "--no-defaults", f"--socket={layout.database_socket}", "--single-transaction"]
    return run([*words, "--databases", "slurm_acct"])


def _load_restored(layout: Layout) -> None:
    """Take up the accounting that a backup brought, once, before Slurm's daemon makes an empty one."""
    brought = layout.root / "restored.sql"
    if brought.exists():
        run(["mariadb", "--no-defaults", f"--socket={layout.database_socket}"], input=brought.read_text())
        brought.unlink()


def answers(layout: Layout) -> bool:
    """Whether MariaDB answers a question."""
    return succeeds(_client(layout, "SELECT 1"), timeout=5)


def _client(layout: Layout, statement: str) -> list[str]:
    return ["mariadb", "--no-defaults", f"--socket={layout.database_socket}", "--batch", "--execute", statement]
