"""A course run in the portal: what the instructor sets, what a trainee reads and asks there, what is answered."""

import re
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from deploy import demo
from tests.classroom import Classroom
from tests.journey.browser import picture

ASKED = "You took half a point off for the bill: is 120 EUR not right?"
ANSWERED = "It is right, and nothing was taken off. Look at the points again."


class Portal:
    """The pages of the demo run, as one person sees them."""

    def __init__(self, page: Page, classroom: Classroom) -> None:
        self.page, self.classroom = page, classroom
        self.base = f"{classroom.address}/services/portal/runs/{demo.RUN}"

    def _open(self, name: str) -> None:
        self.page.goto(f"{self.base}/{name}")

    def _card(self, assignment: str) -> Locator:
        return self.page.locator(f"section[aria-labelledby$={assignment}]")

    def was_due_yesterday_but_for(self, assignment: str, person: str) -> None:
        """Set a due date that is over, with a late rule, and give one trainee a week more."""
        self._open("terms")
        card, today = self._card(assignment), datetime.now()  # to the day: the zone does not matter
        card.get_by_label("Due", exact=True).fill(f"{today - timedelta(days=1):%Y-%m-%dT%H:%M}")
        card.get_by_label("Late: % off a day").fill("10")
        card.get_by_role("button", name=re.compile("^Save")).click()
        expect(self._card(assignment).get_by_role("status")).to_contain_text("Saved")
        card.get_by_label("Trainee").select_option(self.classroom.name(person))
        card.get_by_label("New due date").fill(f"{today + timedelta(days=7):%Y-%m-%dT%H:%M}")
        card.get_by_label("Reason").fill("Ill for a week")
        card.get_by_role("button", name=re.compile("^Give an extension")).click()
        expect(card.get_by_role("button", name=re.compile("^Take back"))).to_be_visible()
        picture(self.page, "terms")

    def look_at_the_class(self, assignment: str) -> None:
        """See at a glance how far the class is with an assignment."""
        self._open("class")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Class at a glance")
        picture(self.page, "class")
        self.page.locator(f"a[href*='assignment={assignment}']").click()
        expect(self.page.get_by_role("heading", name="Tests: who passes")).to_be_visible()
        picture(self.page, "class-assignment")

    def ask(self, assignment: str, comment: str) -> None:
        """Read one's points and the feedback, and ask for the mark to be looked at again."""
        self._open("assignments")
        picture(self.page, "my-assignments")
        card = self._card(assignment)
        expect(card).to_contain_text("extended for you")
        card.get_by_role("link", name=re.compile("^Feedback")).first.click()
        expect(self.page.frame_locator("iframe").locator("body")).to_contain_text(comment)
        self.page.locator("#kind").select_option("regrade")
        self.page.locator("textarea").fill(ASKED)
        self.page.get_by_role("button", name="Send").click()
        expect(self.page.get_by_text(ASKED)).to_be_visible()
        picture(self.page, "asked")

    def answer(self) -> None:
        """Answer, as the instructor."""
        self._open("requests")
        self.page.locator("textarea").fill(ANSWERED)
        self.page.locator("select[name=outcome]").select_option("stays")
        self.page.get_by_role("button", name="Answer").click()
        expect(self.page.get_by_text(ANSWERED)).to_be_visible()
        picture(self.page, "answered")

    def read_the_answer(self, assignment: str, folder: Path) -> Path:
        """Read it, and keep the receipt of what was handed in, in a folder."""
        self._open("assignments")
        expect(self._card(assignment)).to_contain_text(ANSWERED)
        kept = folder / "receipt.json"
        with self.page.expect_download() as coming:
            self._card(assignment).get_by_role("link", name=re.compile("^Receipt")).first.click()
        coming.value.save_as(kept)
        return kept
