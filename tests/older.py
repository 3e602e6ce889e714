"""Databases as earlier versions of JupyterHub and nbgrader left them, made from today's by going back."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from jupyterhub import dbutil  # type: ignore[import-untyped]  # jupyterhub has no types

HUB = "afd65840b69e"
GRADEBOOK = "282d30a0218e"
# nbgrader's own way back from its last migration is broken: it passes one word too many to alembic.
WITHOUT_COURSES = """
    PRAGMA foreign_keys = OFF;
    BEGIN;
    CREATE TABLE earlier (
        id VARCHAR(32) NOT NULL, name VARCHAR(128) NOT NULL, duedate DATETIME, PRIMARY KEY (id), UNIQUE (name)
    );
    INSERT INTO earlier SELECT id, name, duedate FROM assignment;
    DROP TABLE assignment;
    ALTER TABLE earlier RENAME TO assignment;
    DROP TABLE course;
    UPDATE alembic_version SET version_num = '282d30a0218e';
    COMMIT;
"""


def hub(path: Path) -> None:
    """Take the hub's database two migrations back, by JupyterHub's own way back."""
    with dbutil._temp_alembic_ini(f"sqlite:///{path}") as ini:
        words = [sys.executable, "-m", "alembic", "-c", ini, "downgrade", HUB]
        subprocess.run(words, check=True, capture_output=True, timeout=60)


def gradebook(path: Path) -> None:
    """Take a gradebook one migration back, to when nbgrader knew no courses."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(WITHOUT_COURSES)


def stamp(path: Path, revision: str) -> None:
    """Let a database say that its schema is another one."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("UPDATE alembic_version SET version_num = ?", [revision])
