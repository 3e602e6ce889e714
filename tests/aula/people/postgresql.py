"""A PostgreSQL of the tests' own."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/lib/postgresql"))


@contextmanager
def server() -> Iterator[str]:
    """Run it while the block lasts; yield its address, on a socket that only this machine's root and itself see."""
    account = pwd.getpwnam("postgres")
    folder = Path(tempfile.mkdtemp(prefix="aula-pg-"))
    os.chown(folder, account.pw_uid, account.pw_gid)

    def as_postgres(*words: str | Path) -> None:
        subprocess.run(words, user="postgres", group="postgres", cwd=folder, check=True, capture_output=True)

    data = folder / "data"
    as_postgres(PROGRAMS / "initdb", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", data)
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    control = (PROGRAMS / "pg_ctl", f"--pgdata={data}", f"--log={folder / 'log'}", "--wait")
    as_postgres(*control, f"--options={options}", "start")
    yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    as_postgres(*control, "--mode=immediate", "stop")
    shutil.rmtree(folder)
