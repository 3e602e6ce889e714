"""Job scripts that are handed in, on the real cluster: as an account that owns nothing, seen by who grades alone."""

import json
from pathlib import Path

from aula import marks, notebook
from deploy import accounts
from deploy.classroom import job_accounts
from deploy.classroom import run as course_run
from deploy.command import run
from tests.classroom import Classroom

TASK = "real-night"
ORDERS = "#SBATCH --job-name=real-night\n#SBATCH -N 2 -n 4\n#SBATCH --mem=100M\n#SBATCH -t 2 -o real-night-%j.out\n"
HONEST = f'#!/bin/bash\n{ORDERS}srun python3 forecast.py "$SHOPS" && python3 merge.py "$SHOPS"\n'
HOSTILE = f"""#!/bin/bash
{ORDERS}
(setsid sleep 300 &)
mkfifo result.json
mkdir -p a/b && touch a/b/c && chmod 0 a/b a
for file in {{folder}}/gradebook.db {{folder}}/source/{TASK}/{TASK}.ipynb {{folder}}/../*/gradebook.db; do
    cat "$file" >/dev/null 2>&1 && echo "read $file"
done
ls -A "$HOME/.." | wc -l
touch {{home}}/mine 2>/dev/null && echo "wrote home"
sbatch --wrap="sleep 200" >/dev/null 2>&1 && echo "submitted more"
echo only this | tee /tmp/aula-hostile-trace
exit 3
"""


def test_an_honest_and_a_hostile_script(classroom: Classroom) -> None:
    """The honest one earns all; the hostile one sees nothing, leaves nothing, and its trainee reads why it got 0."""
    settings, place = classroom.settings, classroom.run
    folder, account = place.folder(settings), job_accounts.pairs(settings)[place.account]
    home = accounts.home(settings, account)
    scripts = {"ana": HONEST, "bruno": HOSTILE.format(folder=folder, home=home)}
    for person, script in scripts.items():
        _hand_in(folder, place.account, classroom.name(person), script)
    words = ["aula", "grade", "--json", "--run", place.run, "--", str(folder), TASK]
    told = json.loads(course_run.as_run(settings, place, words))
    found = {one["student"]: one["marks"] for one in told["graded"]}
    honest, hostile = (found[classroom.name(person)] for person in ("ana", "bruno"))
    assert {name: mark["points"] for name, mark in honest.items()} == {
        "job-script-public": 1.0,
        "job-script-hidden-asks": 2.0,
        "job-script-hidden-ran": 3.0,
        "job-script-hidden-failure": 1.0,
        "job-script-hidden-result": 3.0,
    }
    reason = hostile["job-script-hidden-ran"]["reason"]
    assert reason == "the job ended as FAILED, with exit code 3. It printed: 1\nonly this\n"
    assert "is no file that can be read" in hostile["job-script-hidden-result"]["reason"]
    assert accounts.processes(account) == []
    assert list((settings.site.course_folder / "jobs" / account).iterdir()) == []
    assert not Path("/tmp/aula-hostile-trace").exists()  # noqa: S108  a job's, taken away
    assert classroom.slurm("squeue", "--noheader", f"--user={account}") == ""


def _hand_in(folder: Path, owner: str, student: str, script: str) -> None:
    """Put a notebook with a script where the collection would put it."""
    node = notebook.read(Path(__file__).parents[2] / f"courses/hpc-and-slurm/assignments/{TASK}/{TASK}.md")
    for cell in node.cells:
        if marks.of(cell).get("grade_id") == "job-script":
            cell.source = f"job_script = {script!r}"
    target = folder / "submitted" / student / TASK
    target.mkdir(parents=True, exist_ok=True)
    notebook.write(node, target / f"{TASK}.ipynb")
    (target / "timestamp.txt").write_text("2026-11-09 22:59:00 UTC")
    run(["chown", "--recursive", f"{owner}:{owner}", folder / "submitted"])
