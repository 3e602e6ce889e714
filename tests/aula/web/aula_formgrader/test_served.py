"""What formgrader's server sends of a submission beside its page: files, and the page of what was repaired."""

from pathlib import Path

import pytest
import requests

from tests.aula.web.aula_formgrader.formgrader import RUN, TASK, TOKEN, Formgrader

pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted.*> not in session")  # nbgrader's own
FILES = {
    "page.html": b"<script>1</script>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='1'/>",
    "plot.png": b"\x89PNG",
    "data.csv": b"<script>1</script>",
    "more.xhtml": b"<html/>",
    "code.js": b"1",
    "paper.pdf": b"%PDF",
    "noname": b"<script>1</script>",
    "with space.txt": b"1",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_handed_in_can_do_nothing(formgrader: Formgrader, name: str) -> None:
    """It is sent in a sandbox, as what it is called and never as what it looks like; only pictures and texts open."""
    student = f"files-{[*FILES].index(name)}"
    submission = formgrader.course.hand_in(student, **{name: FILES[name]})
    answer = formgrader.ask(f"submissions/{submission}/{name}")
    assert (answer.status_code, answer.content) == (200, FILES[name])
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    shown = {"data.csv": "text/plain; charset=utf-8", "with space.txt": "text/plain; charset=utf-8"}
    shown |= {"plot.png": "image/png", "drawing.svg": "image/svg+xml"}
    assert answer.headers["Content-Type"] == shown.get(name, "application/octet-stream")
    opens = name in ("data.csv", "with space.txt", "plot.png")
    assert answer.headers.get("Content-Disposition") == (None if opens else "attachment")


def test_no_file_of_another_submission_is_sent(formgrader: Formgrader) -> None:
    """Neither by a path, nor by a link, nor for an id that is none; nor to somebody who is not signed in."""
    submission = formgrader.course.hand_in("mine", **{"a.txt": b"mine"})
    formgrader.course.hand_in("other", **{"b.txt": b"other's"})
    (formgrader.course.folder / "autograded" / "mine" / TASK / "link").symlink_to(formgrader.course.folder)
    for path in ("..%2F..%2Fother%2Fsums%2Fb.txt", "link/gradebook.db", "%2E%2E/%2E%2E/%2E%2E/gradebook.db", "no.txt"):
        assert formgrader.ask(f"submissions/{submission}/{path}").status_code in (403, 404), path
    assert formgrader.ask("submissions/nonsense/a.txt").status_code == 404
    plain = requests.get(f"{formgrader.address}/submissions/{submission}/a.txt", allow_redirects=False, timeout=30)
    assert plain.status_code in (302, 403)


def test_the_next_submission_is_still_found(formgrader: Formgrader) -> None:
    """nbgrader's own addresses below a submission's are no files."""
    submission = formgrader.course.hand_in("zoe")
    for way in ("next", "prev", "next_incorrect", "prev_incorrect"):
        answer = formgrader.ask(f"submissions/{submission}/{way}")
        assert (answer.status_code, way in answer.url) == (200, False)


@pytest.mark.parametrize("name", ["%22;x", "%3Cscript%3E", "a'b", "a%26b", "a%5Cb"])
def test_what_an_address_says_is_no_markup(formgrader: Formgrader, name: str) -> None:
    """Whoever follows a link sees that there is no such page; the pages of real names are there."""
    for page in ("manage_students/{}", "manage_students/ana/{}", "gradebook/{}", f"gradebook/{TASK}/{{}}"):
        assert formgrader.ask(page.format(name)).status_code == 404, page
        assert formgrader.ask(page.format(TASK)).status_code == 200, page
    assert formgrader.ask(f"manage_submissions/{name}").status_code == 404


def test_no_address_lets_another_configuration_be_read(formgrader: Formgrader, tmp_path: Path) -> None:
    """It is the course run's own formgrader, whatever is asked for."""
    (tmp_path / "nbgrader_config.py").write_text(f"open({str(tmp_path / 'was-here')!r}, 'w')")
    answer = formgrader.ask(f"?path={tmp_path}")
    assert (answer.status_code, answer.url.rpartition("/")[2]) == (200, "manage_assignments")
    assert not (tmp_path / "was-here").exists()
    assert RUN in answer.text


def test_what_was_repaired_is_listed_and_shown_in_a_sandbox(formgrader: Formgrader) -> None:
    """Whose page there is, by its address; nothing of it runs, and there is none of others, or outside."""
    page = b"<!doctype html><script>1</script>"
    formgrader.course.hand_in("mended", **{"repaired.html": page})
    formgrader.course.hand_in("whole")
    found = formgrader.ask(f"api/assignment/{TASK}/repaired").json()
    address = found.pop("mended")
    assert found == {}
    assert address.endswith(f"/formgrader/aula/repaired/{TASK}/mended")
    headers = {"Authorization": f"token {TOKEN}"}
    answer = requests.get(formgrader.address.removesuffix("/formgrader") + address, headers=headers, timeout=30)
    assert answer.content == page
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    assert formgrader.ask(f"aula/repaired/{TASK}/whole").status_code == 404
    assert formgrader.ask(f"aula/repaired/{TASK}/..%2Fmended").status_code == 404
    assert formgrader.ask("api/assignment/nothing/repaired").json() == {}
