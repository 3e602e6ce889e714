"""A batch is graded as jobs of the course run's own account on a real Slurm, with an attack and a slow one in it."""

import re
import shutil
from pathlib import Path

import nbformat

from aula import marks
from deploy.accounts import home
from deploy.classroom import run as course_run
from deploy.command import run
from tests.aula.grading.class_of import RIGHT, WRONG, hand_in, points
from tests.aula.small_course import write_course
from tests.classroom import Classroom
from tests.integration.person import wait_for

SLOW = "import time\nwhile time.process_time() < 3: pass\n" + RIGHT
CURIOUS = """
import os, subprocess
seen = [subprocess.run(["ls", "-lR", one], capture_output=True, text=True).stdout for one in {places!r}]
print("seen:", *seen, *os.environ)
def total(numbers):
    os.kill(os.getppid(), 9)
    return open({gradebook!r}).read()
"""


def test_a_batch_is_graded_on_the_nodes(classroom: Classroom) -> None:
    """All have their marks, the slow one last, the attack finds nothing; jobs ran on `batch` as the run's account."""
    settings, place = classroom.settings, classroom.run
    top = home(settings, place.account) / "graded-on-slurm"
    shutil.rmtree(top, ignore_errors=True)
    write_course(top)
    run_dir = top / "run"
    own(top, place.account)
    course_run.as_run(settings, place, ["aula", "--root", top, "release", "small", f"--run-dir={run_dir}", "--run=run"])
    curious = CURIOUS.format(places=[str(run_dir), "/var/spool"], gradebook=str(run_dir / "gradebook.db"))
    for student, answer in {"ana": RIGHT, "bruno": WRONG, "carla": SLOW, "deniz": curious}.items():
        hand_in(run_dir, student, answer)
    own(top, place.account)
    batch = settings.site.slurm.batch
    words = ["aula", "grade", run_dir, "sums", "--run=run", "--on=slurm", f"--partition={batch}"]
    said = course_run.as_run(settings, place, words)
    assert points(run_dir) == {"ana": 2.0, "bruno": 0.0, "carla": 2.0, "deniz": 0.0}
    assert "carla needs longer" in said
    node = nbformat.read(run_dir / "autograded/deniz/sums/sums.ipynb", as_version=4)
    (shown,) = [str(cell.outputs) for cell in node.cells if marks.of(cell).get("grade_id") == "total"]
    assert "seen: " in shown
    assert not [word for word in ("gradebook", "slurmd", "SLURM", "JUPYTER", "TOKEN") if word in shown]
    jobs = ",".join(re.findall(r"^Slurm job (\d+)", said, re.M))
    assert jobs.count(",") == 1, said

    def ended() -> list[str]:
        listing = classroom.slurm("sacct", "-n", "-P", "-X", f"--jobs={jobs}", "--format=User,Partition,State")
        return [] if "RUNNING" in listing or "COMPLETING" in listing else listing.split()

    assert set(wait_for(ended, "the accounting knows how the jobs ended")) == {f"{place.account}|{batch}|COMPLETED"}


def own(folder: Path, account: str) -> None:
    """Give a folder with all that is in it to an account."""
    run(["chown", "--recursive", f"{account}:{account}", folder])
