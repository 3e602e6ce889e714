"""A class hands in job scripts: they are run one by one, and tests in the judge see what each has left."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from aula import job_script
from aula.grading import handed_in, template
from aula.grading.arrays.arrays import Arrays
from aula.grading.attempts import attempts
from aula.grading.batch import Batch
from aula.grading.errors import JobsError
from aula.grading.jobs import place as places
from aula.grading.jobs.place import Place
from aula.grading.limits import Limits
from aula.grading.pair import pair
from aula.grading.standing import public
from aula.release import release
from tests.aula.grading.jobs import night
from tests.aula.small_course import load

HONEST = '#!/bin/sh\necho "{\\"shops\\": $SHOPS}" > result.json\n'


@pytest.fixture
def run_dir(settled: None, tmp_path: Path) -> Path:  # noqa: ARG001  nbgrader needs it
    """Return a course run into which the assignment is released."""
    release.release(load(night.write(tmp_path)), tmp_path / "run")
    return tmp_path / "run"


def test_trainees_do_not_get_the_size(run_dir: Path) -> None:
    """What is released holds neither the size nor what may be asked for; the course run keeps it for the grading."""
    copies = [path for path in (run_dir / "release").rglob("*") if path.is_file()]
    assert copies
    assert not [path for path in copies if str(night.SIZE) in path.read_text()]
    bounds = job_script.read(run_dir, "night")
    assert bounds is not None
    assert bounds.size == {"SHOPS": night.SIZE}
    assert (run_dir / "jobs").stat().st_mode & 0o007 == 0


def test_another_size_is_graded_anew(run_dir: Path) -> None:
    """What a mark depends on holds the size: with another one it is not the mark of before."""
    before = template.read(run_dir, "night")
    assert before.job is not None
    job_script.write(run_dir, "night", before.job.model_copy(update={"size": {"SHOPS": 3}}))
    assert template.read(run_dir, "night").digest != before.digest


def test_a_result_at_once_needs_no_job(run_dir: Path) -> None:
    """What is tried when somebody hands in has no job script to run: only hidden tests ask for one."""
    author = template.read(run_dir, "night")
    known = public.of(author).template
    assert author.job is not None
    assert known.job is None
    with pair(known.node) as boxes:
        tries = attempts(known, run_dir / "release/night", boxes, Limits(), 10)
        night.hand_in(run_dir, "ana", HONEST)
        (submission,) = handed_in.submissions(run_dir, "night")
        assert tries.grade(submission, "").marks["public"].points == 1


def test_without_an_account_nothing_is_graded(run_dir: Path) -> None:
    """Who grades reads what to ask for, and no trainee has a mark."""
    night.hand_in(run_dir, "ana", HONEST)
    with pytest.raises(JobsError, match="ask the operator"):
        Batch(run_dir, "run", "night").grade(tell=str)


def test_scripts_are_submitted_from_the_machine_that_may(run_dir: Path, place: Place) -> None:
    """Asked to grade on nodes, which have no right to submit as the account of scripts, it is done here, and said."""
    (run_dir / places.FILE).write_text(json.dumps(asdict(place)))
    night.hand_in(run_dir, "ana", HONEST)
    said: list[str] = []
    graded = Batch(run_dir, "run", "night", place=Arrays({})).grade(tell=said.append)
    assert [one.points for one in graded] == [5]
    assert "graded on this machine" in said[0]


def test_each_script_gets_its_marks(run_dir: Path, place: Place) -> None:
    """An honest one all points, the others those of the tests that do not need their job, with a reason."""
    (run_dir / places.FILE).write_text(json.dumps(asdict(place)))
    scripts = {
        "ana": HONEST,
        "bruno": HONEST.replace("$SHOPS", "6"),
        "carla": HONEST.replace("echo", "#SBATCH --partition=gpu\necho", 1),
        "deniz": "#!/bin/sh\nmkfifo result.json\n",
        "eva": f"#!/bin/sh\ncat {run_dir}/source/night/night.ipynb >/dev/null; ls ..; exit 5\n",
    }
    for student, script in scripts.items():
        night.hand_in(run_dir, student, script)
    forged = "class job:\n    state, files = 'COMPLETED', {'result.json': '{\"shops\": 4711}'}\n"
    night.answer(run_dir, "fran", f"script = '#!/bin/sh\\nexit 1\\n'\n{forged}")
    graded = {one.student: one for one in Batch(run_dir, "run", "night").grade(tell=str)}
    assert {name: one.points for name, one in graded.items()} == {
        "ana": 5,
        "bruno": 3,
        "carla": 1,
        "deniz": 3,
        "eva": 1,
        "fran": 1,
    }
    assert graded["bruno"].marks["result"].reason == "not the shops of SHOPS"
    for test in ("ran", "result"):
        said = graded["carla"].marks[test].reason
        assert said.startswith("Your job script was not run: line 2: the option '--partition' is not permitted here")
    assert graded["deniz"].marks["result"].reason == "result.json is no file that can be read"
    assert graded["eva"].marks["ran"].reason.startswith("it ended as FAILED: job-")
    assert list((run_dir.parent / "own").iterdir()) == []
