"""Job scripts on a small Slurm: what honest ones leave, and what hostile ones bring about."""

import json
import os
import time
from pathlib import Path

import pytest

from aula.grading.errors import JobsError, ScriptError
from aula.grading.jobs import cluster
from aula.grading.jobs.done import Done
from aula.grading.jobs.jobs import FULL, GONE, Jobs, Lines
from aula.grading.jobs.place import Place

HEAD = "#!/bin/sh\n#SBATCH --nodes=2\n#SBATCH --ntasks=4\n"


def ran(jobs: Jobs, commands: str) -> Done:
    """Return what came of a script of these commands."""
    return jobs.run(f"{HEAD}{commands}\n".encode())


def test_an_honest_script_leaves_its_result(jobs: Jobs, slurm: Path) -> None:
    """It has the size, the assignment's files and nothing else; its file, its words and its record come back."""
    done = ran(jobs, 'ls; cat orders.csv; echo "{\\"shops\\": $SHOPS}" > result.json')
    assert json.loads(done.files["result.json"]) == {"shops": 11}
    assert done.said.split() == ["job.out", "job.sh", "orders.csv", "shop,loaves"]
    assert (done.record.state, done.record.exit_code, done.wrong) == ("COMPLETED", 0, {})
    asked = (slurm / "asked").read_text().splitlines()
    assert {"--nodes=2", "--ntasks=4", "--mem=200M", "--time=00:01:00", "--partition=batch", "--hold"} <= {*asked}


def test_nothing_is_left_behind(jobs: Jobs, tmp_path: Path) -> None:
    """The account's folder is empty afterwards, of folders that their owner has closed too."""
    ran(jobs, "mkdir -p a/b; touch a/b/c .hidden; chmod 0 a/b a; echo {} > result.json")
    assert list((tmp_path / "own").iterdir()) == []


def test_its_environment_is_clean(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script sees nothing of the environment of who grades, and its home is its folder, where it was submitted."""
    monkeypatch.setenv("AULA_TOKEN", "secret-token")
    said = ran(jobs, 'env; cd "$SLURM_SUBMIT_DIR"; [ "$HOME" = "$PWD" ] && echo "home is here"').said
    assert "secret-token" not in said
    assert "home is here" in said


def test_a_failure_is_told(jobs: Jobs) -> None:
    """A script that fails has its exit status in its record, and says why its result is not there."""
    done = ran(jobs, "echo oh >&2; exit 3")
    assert (done.record.state, done.record.exit_code, done.said) == ("FAILED", 3, "oh\n")
    assert done.told()["missing"] == {"result.json": "is not there"}


@pytest.mark.parametrize(
    ("leaves", "why"),
    [
        ("mkfifo result.json", "is no file that can be read"),
        ("ln -s /etc/passwd result.json", "is no file that can be read"),
        ("ln -s result.json result.json", "is no file that can be read"),
        ("mkdir result.json", "is no file that can be read"),
        ("echo {} > result.json; chmod 0 result.json; ln -sf /dev/zero result.json", "is no file that can be read"),
        ("head -c 2000000 /dev/zero > result.json", "has over 1 MB"),
        ("truncate -s 50M result.json", "has over 1 MB"),
    ],
    ids=["pipe", "link", "loop", "folder", "device", "big", "sparse"],
)
def test_what_is_no_result_is_not_read(jobs: Jobs, leaves: str, why: str) -> None:
    """A pipe, a link, a folder or a huge file in the result's place holds nobody up, and is told."""
    done = ran(jobs, leaves)
    assert (done.files, done.wrong) == ({}, {"result.json": why})


def test_bytes_that_are_no_text_are_read_as_text(jobs: Jobs) -> None:
    """A result that is not UTF-8 is a text that every file can hold."""
    done = ran(jobs, r"printf '\377\000{}' > result.json")
    assert done.files["result.json"] == "�\0{}"


def test_what_it_says_is_bounded(jobs: Jobs) -> None:
    """Of a script that prints for ever the beginning is read; the file that it prints to has a limit."""
    done = ran(jobs, "yes")
    assert done.record.state in {"FAILED", "CANCELLED"}
    assert len(done.said) == 20_000


def test_its_limits_are_the_jobs(jobs: Jobs) -> None:
    """A file's size, core files and processes are bounded where the script runs, as Slurm hands limits on."""
    assert ran(jobs, "ulimit -f; ulimit -c; ulimit -p").said.split() == ["131072", "0", "256"]


def test_what_writes_too_much_is_cancelled(jobs: Jobs) -> None:
    """A job that fills the folder with files is ended, and nothing that it left is read."""
    done = ran(jobs, "echo {} > result.json; i=0; while :; do i=$((i+1)); : > $i; done")
    assert done.record.state == "CANCELLED"
    assert (done.files, done.wrong) == ({}, {"result.json": FULL})


def test_what_it_starts_ends_with_it(jobs: Jobs, tmp_path: Path) -> None:
    """A process in the background is gone when its job has ended, and writes nothing more."""
    trace = tmp_path / "trace"
    ran(jobs, f"(while :; do date >> {trace}; sleep 0.05; done) & echo {{}} > result.json")
    size = trace.stat().st_size if trace.exists() else 0
    time.sleep(0.3)
    assert (trace.stat().st_size if trace.exists() else 0) == size


def test_a_job_that_it_submits_ends_too(jobs: Jobs, slurm: Path) -> None:
    """What the script has handed to Slurm itself is cancelled before anything is read."""
    done = ran(jobs, "echo '#!/bin/sh' | sbatch --chdir=/tmp > /dev/null; echo {} > result.json")
    assert done.files == {"result.json": "{}\n"}
    assert (slurm / "2.state").read_text().startswith("CANCELLED")


def test_who_kills_what_reads_has_nothing_to_show(jobs: Jobs, tmp_path: Path) -> None:
    """A script that ends the program of its account gets no file read; the job is cancelled."""
    seen = "for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline 2>/dev/null | grep -q 'jobs.alone " + str(tmp_path)
    done = ran(jobs, f"{seen}' && kill -9 ${{p#/proc/}}; done; echo {{}} > result.json; sleep 30")
    assert (done.files, done.wrong) == ({}, {"result.json": GONE})
    assert done.record.state == "CANCELLED"


def test_jobs_of_an_earlier_batch_are_ended_first(jobs: Jobs, slurm: Path, tmp_path: Path) -> None:
    """What a batch left that was killed is cancelled, and its files are gone, before the next script runs."""
    (slurm / "1.sh").write_text("")
    (slurm / "1.state").write_text("RUNNING 0 0")
    (tmp_path / "own" / "job-old").mkdir()
    said = ran(jobs, f"ls ..; cat {slurm}/1.state").said
    assert "CANCELLED" in said
    assert "job-old" not in said


def test_a_script_that_may_not_run_is_not_submitted(jobs: Jobs, slurm: Path) -> None:
    """The check comes first: nothing of a refused script reaches Slurm."""
    with pytest.raises(ScriptError, match="partition"):
        ran(jobs, "true".replace("true", "") + "#SBATCH --partition=gpu")
    assert list(slurm.iterdir()) == []


def test_a_slurm_that_refuses_is_no_trainees_fault(jobs: Jobs, slurm: Path) -> None:
    """Where Slurm refuses the account, who grades reads why."""
    (slurm / "refuses").touch()
    with pytest.raises(JobsError, match=r"could not be submitted as job01: sbatch: .*Invalid qos"):
        ran(jobs, "true")


def test_a_full_slurm_is_no_trainees_fault(jobs: Jobs, slurm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that does not get its place in time is cancelled, and can be graded later."""
    monkeypatch.setattr(cluster, "STARTS_S", 0.5)
    (slurm / "full").touch()
    with pytest.raises(JobsError, match="cluster is full"):
        ran(jobs, "true")
    assert (slurm / "1.state").read_text().startswith("CANCELLED")


def test_a_record_that_is_nonsense_is_its_jobs_own_matter(jobs: Jobs, slurm: Path) -> None:
    """Where the accounting says of one job what cannot be read, its trainee reads so, and others are graded."""
    (slurm / "confused").touch()
    with pytest.raises(ScriptError, match="Slurm's record of your job cannot be used"):
        ran(jobs, "true")


def test_an_account_that_may_not_be_used_is_told(jobs: Jobs, place: Place) -> None:
    """Where the account's program cannot be run, who grades reads what it said."""
    refused = ("/bin/sh", "-c", "echo sudo: a password is required >&2; exit 1")
    jobs._place = Place(place.account, refused, place.partition, place.environment)
    with pytest.raises(JobsError, match="a password is required"):
        ran(jobs, "true")


@pytest.mark.parametrize(
    "line",
    [b"[]", b"{", b"[" * 100_000, b'{"files": {"result.json": 7}, "wrong": 7, "said": 7}', b'{"files": {"x": "e30="}}'],
    ids=["list", "half", "deep", "numbers", "another"],
)
def test_nonsense_from_the_account_is_no_file(jobs: Jobs, line: bytes) -> None:
    """What the account says is hostile data: no answer of another form does harm, nor gives a file."""
    found = jobs._files(_said(line))
    assert found == ({}, {"result.json": GONE})


def _said(line: bytes) -> dict[str, object]:
    """Return a line as it is read from the account."""
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as pipe, os.fdopen(writer, "wb") as other:
        other.write(line[:60_000] + b"\n")
        other.flush()
        return Lines(pipe).next(1)
