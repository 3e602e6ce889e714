"""The licence stands in the folder, and the course can be cited."""

from collections.abc import Iterator

import yaml

from aula.check.rule import Problem, Rule
from aula.check.view import View

LICENCES = ("LICENSE.md", "LICENSE", "LICENSE.txt", "LICENCE.md")
CITED = ("cff-version", "message", "title", "authors")


def _find(view: View) -> Iterator[Problem]:
    folder, licence = view.course.folder, view.course.contract.licence
    path = next((folder / name for name in LICENCES if (folder / name).is_file()), None)
    if path is None:
        yield Problem(folder / LICENCES[0], "The licence is missing.")
    else:
        text = path.read_text(encoding="utf-8", errors="replace")
        for name in (licence.text, licence.code):
            if name not in text:
                yield Problem(path, f"The licence '{name}' of course.yml is not named.")
    yield from _citation(view)


def _citation(view: View) -> Iterator[Problem]:
    path = view.course.folder / "CITATION.cff"
    if not path.is_file():
        yield Problem(path, "CITATION.cff is missing.")
        return
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8", errors="replace"))
    except yaml.YAMLError as error:
        yield Problem(path, f"It is not YAML: {error}.")
        return
    for key in CITED:
        if not isinstance(content, dict) or not content.get(key):
            yield Problem(path, f"The key '{key}' is missing.")


RULE = Rule(
    name="licence-and-citation",
    title="LICENSE.md names the licences of course.yml, and CITATION.cff says how to cite",
    why="Without a licence nobody may reuse a course, and without a citation nobody can name its authors.",
    bad="(neither LICENSE.md nor CITATION.cff)",
    good="cff-version: 1.2.0\nmessage: If you use this course, please cite it.\ntitle: Sums\nauthors: [{name: Ana}]",
    remedy="Add LICENSE.md (text CC-BY-4.0, code MIT) and CITATION.cff to the course's folder.",
    find=_find,
)
