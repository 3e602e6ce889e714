"""Notebooks as job arrays of a real Slurm: they run on nodes, resume, are cancelled, and their deaths are told."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from deploy.accounts import home
from deploy.classroom import run
from deploy.errors import CommandError
from tests.aula.small_course import edit, write_course
from tests.classroom import Classroom

SET = "    parameters:\n      node: {size: 7}\n"
SLOW = ("time_limit_s: 30", "time_limit_s: 300")
LAST = 'print("solved")'
ASKED_TWICE = """
"$@" >"$0" 2>&1 &
until grep -q 'sums: ok' "$0"; do kill -0 $! || break; sleep 0.2; done
kill $!; sleep 0.1; kill $!
wait $!; status=$?
cat "$0" >&2; exit $status
"""
"""Runs a command, asks it to end when the assignment is done, and asks again a moment later, as people do."""


def place(classroom: Classroom, name: str) -> Path:
    """Return a folder in the course account's home, which every node sees; what an earlier test kept there is gone."""
    folder = Path(home(classroom.settings, classroom.settings.site.course_account), name)
    for old in (folder, folder.with_name(f"{name}-kept"), folder.with_name(f"{name}-courses")):
        shutil.rmtree(old, ignore_errors=True)
    return folder


def notebooks(classroom: Classroom, out: Path, *words: str, through: Sequence[str] = ()) -> str:
    """Execute notebooks on Slurm as the course account, the demo's or those of a folder beside out; return the words.

    `through` is a command that runs it.
    """
    courses = out.with_name(f"{out.name}-courses")
    root = ["--root", courses] if courses.exists() else []
    partition = classroom.settings.site.slurm.batch
    command = ["aula", *root, "notebooks", *words, "--out", out, "--on", "slurm", "--partition", partition]
    return run.as_course(classroom.settings, command, through=through, timeout=280)


def rows(out: Path) -> list[dict[str, Any]]:
    """Return what the report says of each notebook."""
    found: list[dict[str, Any]] = json.loads((out / "report.json").read_text())["notebooks"]
    return found


def in_queue(classroom: Classroom) -> list[str]:
    """Return the jobs of notebooks that wait or run."""
    listing = classroom.slurm("squeue", "--noheader", "--states=PENDING,CONFIGURING,RUNNING", "--format=%j")
    return [name for name in listing.split() if name.startswith("aula-notebooks")]


def test_notebooks_run_on_the_nodes_and_are_not_run_again(classroom: Classroom) -> None:
    """A lesson and a solved assignment run clean as tasks on nodes; the next run takes both from the cache."""
    out = place(classroom, "on-slurm")
    write_course(out.with_name(f"{out.name}-courses"))
    notebooks(classroom, out, "--parameters", "node", "--max-running", "2")
    first = rows(out)
    assert {row["state"] for row in first} == {"ok"}
    assert {Path(row["notebook"]).stem for row in first} == {"01-hello", "sums"}
    assert {row["host"] for row in first} <= {classroom.name("node1"), classroom.name("node2")}
    assert not any(row["cached"] for row in first)
    assert {path.name for path in out.iterdir()} == {"executed", "report.json", "junit.xml", "history.jsonl"}
    notebooks(classroom, out, "--parameters", "node")
    assert [(row["started"], row["cached"]) for row in rows(out)] == [(row["started"], True) for row in first]


def test_a_notebook_that_needs_more_memory_is_told_so(classroom: Classroom) -> None:
    """What Slurm killed for its memory is a failure with Slurm's reason; the other notebooks run clean."""
    out = place(classroom, "short-of-memory")
    course = write_course(out.with_name(f"{out.name}-courses"))
    edit(course / "course.yml", SET, f"{SET}    resources:\n      ci: {{memory_gb: 0.1}}\n")
    edit(course / "lessons/01-hello.md", LAST, "held = bytearray(2_000_000_000)")
    with pytest.raises(CommandError, match="Slurm: OUT_OF_MEMORY"):
        notebooks(classroom, out)
    found = {row["notebook"]: row["state"] for row in rows(out)}
    assert found == {"assignments/sums": "ok", "lessons/01-hello": "error"}


def test_who_interrupts_a_run_leaves_no_job_and_keeps_what_is_done(classroom: Classroom) -> None:
    """An interrupted run cancels its jobs; the next one takes from the cache what had ended, and runs the rest."""
    out = place(classroom, "interrupted")
    course = write_course(out.with_name(f"{out.name}-courses"))
    edit(course / "course.yml", *SLOW)
    edit(course / "lessons/01-hello.md", LAST, "import time; time.sleep(200)")
    with pytest.raises(CommandError, match="Cancelling the jobs of this run") as interrupted:
        notebooks(classroom, out, through=("sh", "-c", ASKED_TWICE, f"{out}-said"))
    assert in_queue(classroom) == [], interrupted.value
    edit(course / "lessons/01-hello.md", "import time; time.sleep(200)", LAST)
    notebooks(classroom, out)
    assert {row["notebook"]: row["cached"] for row in rows(out)} == {
        "assignments/sums": True,
        "lessons/01-hello": False,
    }
