"""Which notebooks are executed, with what."""

from pathlib import Path

import pytest

from aula.course import Resources
from aula.errors import RunError
from aula.run.plan import plan
from tests.aula.small_course import edit, load


def test_every_lesson_and_assignment_is_a_job(small: Path, tmp_path: Path) -> None:
    """Nothing in the contract is left unexecuted, and each keeps its own time limit."""
    jobs = {job.title: job.time_limit_s for job in plan((load(small),), tmp_path / "out")}
    assert jobs == {"small/assignments/sums": 60, "small/lessons/01-hello": 30}


def test_notebooks_run_in_private_copies(small: Path, tmp_path: Path) -> None:
    """A lesson finds its scripts and the course's data, an assignment only its own folder; all are copies."""
    task, lesson = plan((load(small),), tmp_path / "out")
    assert {p.name for p in lesson.folder.iterdir()} == {"01-hello.ipynb", "helper.py"}
    assert (lesson.folder.parent / "data/table.csv").is_file()
    assert {p.name for p in task.folder.iterdir()} == {"sums.ipynb", "numbers.txt"}
    assert (tmp_path / "out") in lesson.folder.parents


def test_parameters_come_from_the_chosen_set(small: Path, tmp_path: Path) -> None:
    """By default a lesson keeps its own values; the set named node replaces them."""
    course = load(small)
    assert plan((course,), tmp_path / "out")[1].parameters == {}
    assert plan((course,), tmp_path / "out", parameters="node")[1].parameters == {"size": 7}


def test_a_notebook_asks_slurm_for_what_a_trainees_server_has(small: Path, tmp_path: Path) -> None:
    """Cores and memory are the course's profile's; a set of parameters may have its own, and `gpu` has a GPU."""
    sets = "node: {size: 7}\n      gpu: {size: 9}\n    resources:\n      node: {cores: 4, minutes: 9}"
    edit(small / "course.yml", "node: {size: 7}", sets)
    course = load(small)
    asked = {
        name: [job.resources for job in plan((course,), tmp_path / "out", parameters=name)]
        for name in (None, "ci", "node", "gpu")
    }
    usual = Resources(cores=1, memory_gb=1, gpus=0)
    assert asked[None] == asked["ci"] == [usual, usual]
    assert asked["node"] == [usual, Resources(cores=4, memory_gb=1, minutes=9, gpus=0)]
    assert asked["gpu"] == [usual, Resources(cores=1, memory_gb=1, gpus=1)]


def test_resources_of_no_set_are_an_error(small: Path, tmp_path: Path) -> None:
    """A misspelt set would quietly run with the usual resources."""
    edit(small / "course.yml", "node: {size: 7}", "node: {size: 7}\n    resources:\n      nod: {cores: 4}")
    with pytest.raises(RunError, match="'01-hello', resources 'nod': no such set of parameters: did you mean 'node'"):
        plan((load(small),), tmp_path / "out")


def test_an_unknown_set_is_an_error(small: Path, tmp_path: Path) -> None:
    """A misspelt set of parameters does not quietly run with the defaults."""
    with pytest.raises(RunError, match="did you mean 'node'"):
        plan((load(small),), tmp_path / "out", parameters="nod")


@pytest.mark.parametrize("chosen", [None, "node"])
def test_an_unknown_parameter_is_an_error(small: Path, tmp_path: Path, chosen: str | None) -> None:
    """A value in course.yml for a name that the lesson does not set is found, whichever set is chosen."""
    edit(small / "course.yml", "size: 7", "sise: 7")
    with pytest.raises(RunError, match=r"'01-hello', parameters 'node': unknown parameter 'sise'.*mean 'size'"):
        plan((load(small),), tmp_path / "out", parameters=chosen)


def test_two_parameter_cells_are_an_error(small: Path, tmp_path: Path) -> None:
    """papermill would take the first and ignore the other."""
    edit(small / "lessons/01-hello.md", "[solution]", "[parameters]")
    with pytest.raises(RunError, match="2 cells are tagged 'parameters'"):
        plan((load(small),), tmp_path / "out")


def test_an_annotated_parameter_is_known(small: Path, tmp_path: Path) -> None:
    """A default written with a type counts as a parameter."""
    edit(small / "lessons/01-hello.md", "size = 3", "size: int = 3")
    assert plan((load(small),), tmp_path / "out", parameters="node")[1].parameters == {"size": 7}


def test_the_source_is_of_text_and_files_and_of_nothing_else(small: Path) -> None:
    """The digest changes with a cell or a file beside it, and not with time limits, parameters or blank lines."""

    def sources() -> dict[str, str]:
        return {job.title: job.source for job in plan((load(small),), small.parents[1] / "out")}

    first = sources()
    edit(small / "course.yml", "time_limit_s: 30", "time_limit_s: 40")
    edit(small / "course.yml", "{size: 7}", "{size: 8}")
    edit(small / "lessons/01-hello.md", "# Hello\n", "# Hello\n\n\n")
    assert sources() == first
    edit(small / "lessons/01-hello.md", "size = 3", "size = 4")
    second = sources()
    assert second["small/lessons/01-hello"] != first["small/lessons/01-hello"]
    assert second["small/assignments/sums"] == first["small/assignments/sums"]
    (small / "data/table.csv").write_text("a,c\n", encoding="utf-8")
    assert sources()["small/lessons/01-hello"] != second["small/lessons/01-hello"]
