"""The Assignments panel in a real JupyterLab: what a trainee reads and presses, in Spanish and by Madrid's clocks."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from aula.web.aula_exchange import spoken
from aula.web.hand_in.assignments import Assignments
from tests.aula.press.test_book_pages import STANDARD
from tests.aula.web.aula_exchange.lesson import RUN, TASK, Lesson, do, notebook
from tests.aula.web.aula_exchange.server import jupyterlab
from tests.journey.browser import chromium
from tests.journey.lab import Lab

NOW, DUE = "2026-11-28T10:00:00+00:00", "2026-11-30T13:30:00+00:00"
RULE = {"percent_per_day": 10.0, "most_percent": 50.0, "grace_minutes": 0}
SAID = spoken.words("es")


@pytest.fixture
def terms(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Let the service tell of terms, whatever its clock says; return them."""
    told: dict[str, Any] = {
        **{"title": "Sumas", "points": 20.0, "due": DUE, "extended": True, "accepted_until": None},
        **{"attempts": {"allowed": 2, "used": 1}, "late_rule": RULE},
    }

    def finish(self: Assignments, chunk: Any) -> Any:
        for task in chunk.get("assignments", []):
            task.update(told)
        return super(Assignments, self).finish({**chunk, "title": "HPC para todos", "now": NOW})

    monkeypatch.setattr(Assignments, "finish", finish, raising=False)
    return told


def test_the_way_from_released_to_feedback(lesson: Lesson, terms: dict[str, Any]) -> None:
    """Each button does what it says and says what came of it, by keyboard too; axe finds nothing."""
    with jupyterlab(lesson, "ana", "es") as address, chromium() as browser:
        page = browser.new_context(timezone_id="Europe/Madrid").new_page()
        page.set_default_timeout(20_000)
        page.goto(f"{address}/lab")
        lab = Lab(page)
        lab.ready()
        lab.menu("Nbgrader", "nbgrader:open-assignment-list")
        expect(page.get_by_role("heading", name="HPC para todos")).to_be_visible()
        card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Sumas"))
        expect(card).to_contain_text(re.compile(r"30 de noviembre de 2026.*14:30.*CET"))
        for said in ("quedan 2 días 3 horas", SAID["extended"], "1 de 2 usadas", "10 %", SAID["state_released"]):
            expect(card).to_contain_text(said)

        card.get_by_role("button", name=SAID["fetch"]).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").filter(has_text=SAID["fetched"])).to_be_attached()
        expect(card.get_by_role("heading")).to_be_focused()
        notebook(lesson.home("ana") / RUN / TASK, "assert 1 == 2, 'uno no es dos'", tested=True)
        card.get_by_role("button", name=SAID["validate"]).click()
        expect(card.get_by_role("paragraph").filter(has_text="uno no es dos")).to_have_text(
            "AssertionError: uno no es dos", timeout=20_000
        )
        assert "[0" not in card.inner_text()  # no colours of a terminal
        notebook(lesson.home("ana") / RUN / TASK, "1 + 1")
        (lesson.home("ana") / RUN / TASK / "elsewhere").symlink_to("/etc/hostname")
        card.get_by_role("button", name=SAID["validate"]).click()
        expect(card).to_contain_text(SAID["valid"], timeout=20_000)

        card.get_by_role("button", name=SAID["submit"]).click()
        with lesson.result_at_once("ana", "<p>1 de 1</p>"):
            page.get_by_role("dialog").get_by_role("button", name=SAID["submit"]).click()  # it is the last one
            expect(card).to_contain_text(f"receipts/{RUN}/{TASK}-0001.json", timeout=20_000)
        expect(card).to_contain_text(SAID["result_here"])
        expect(card).to_contain_text(SAID["state_handed_in"])
        expect(card).to_contain_text("'elsewhere' is left out")
        terms["attempts"] = {"allowed": 2, "used": 2}
        do("Collect", lesson.instructor())
        lesson.give_feedback("ana", "<p>muy bien</p><script>document.body.append('ran')</script>")
        page.get_by_role("button", name=SAID["refresh"]).click()
        expect(card).to_contain_text(SAID["no_attempts"])

        card.get_by_role("button", name=SAID["fetch_feedback"]).click()
        expect(card).to_contain_text(SAID["feedback_here"])
        card.locator("summary").click()
        options = {"runOnly": {"type": "tag", "values": STANDARD}}
        assert not Axe().run(page, context=".aula-assignments", options=options).response["violations"]
        card.get_by_role("button", name=SAID["open_feedback"]).click()
        feedback = page.frame_locator(".jp-HTMLViewer iframe").locator("body")
        expect(feedback).to_have_text("muy bien")

        lesson.served.people.pop("ana")
        lab.menu("Nbgrader", "nbgrader:open-assignment-list")
        expect(page.get_by_role("alert").filter(has_text="the hub does not say")).to_be_visible()
