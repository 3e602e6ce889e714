"""What an instructor does in nbgrader's formgrader."""

from playwright.sync_api import Page, expect

GRADING_MS = 300_000  # what never ends is stopped after a minute, and jobs wait for a node while lessons run there


class Formgrader:
    """The formgrader of a course run in the instructor's browser."""

    def __init__(self, page: Page, address: str, run: str) -> None:
        self.page = page
        self.address = f"{address}/services/{run}/formgrader"

    def _go(self, path: str) -> None:
        self.page.goto(f"{self.address}/{path}")
        expect(self.page.locator(".loading")).to_have_count(0)

    def _press(self, row: str, column: str) -> str:
        """Press a row's button in a column, and return what the dialog says once it is closed."""
        self.page.locator("tbody tr", has_text=row).locator(f"td.{column} a").click()
        dialog = self.page.locator("#success-modal, #error-modal")
        dialog.wait_for(timeout=GRADING_MS)
        said = dialog.inner_text()
        dialog.locator("button.close").first.click()
        expect(self.page.locator(".modal-backdrop")).to_have_count(0)
        return said

    def collect(self, assignment: str) -> str:
        """Collect the submissions of an assignment."""
        self._go("manage_assignments")
        return self._press(assignment, "collect")

    def open_submissions(self, assignment: str) -> None:
        """Open the list of an assignment's submissions."""
        self._go(f"manage_submissions/{assignment}")
        expect(self.page.locator("tbody td.status .label").first).to_be_visible()

    def autograde(self, assignment: str, student: str) -> str:
        """Grade one submission automatically."""
        self.open_submissions(assignment)
        return self._press(student, "autograde")

    def grade_all(self, assignment: str) -> str:
        """Grade all that changed, and return what is said when that has ended."""
        self.open_submissions(assignment)
        self.page.get_by_role("button", name="Grade all").click()
        expect(self.page.get_by_role("progressbar", name="Submissions graded")).to_be_visible()
        expect(self.page.get_by_role("button", name="Grade all")).to_be_enabled(timeout=GRADING_MS)
        expect(self.page.get_by_text("needs autograding")).to_have_count(0)
        return self.page.get_by_role("status").inner_text()

    def grade_by_hand(self, assignment: str, answer: str, points: float, comment: str) -> None:
        """Look for the submission with a written answer, as names are hidden; give points and a comment."""
        listing = f"gradebook/{assignment}/{assignment}"
        self._go(listing)
        links = self.page.locator("tbody td.name a.name-hidden")
        expect(links).not_to_have_count(0)
        for number in range(links.count()):
            links.nth(number).click()
            self.page.wait_for_url("**/submissions/**")
            if self.page.get_by_text(answer).count():
                break
            self._go(listing)
        expect(self.page.get_by_text(answer)).to_be_visible()
        score = self.page.locator("input.score:not([readonly])").last
        score.fill(str(points))
        score.press("Tab")
        expect(self.page.locator(".score-saved").last).to_be_visible()
        box = self.page.locator("textarea.comment").last
        box.fill(comment)
        box.press("Tab")
        expect(self.page.locator(".comment-saved").last).to_be_visible()

    def give_feedback(self, assignment: str) -> list[str]:
        """Generate and release everybody's feedback."""
        self._go("manage_assignments")
        return [self._press(assignment, "generate-feedback"), self._press(assignment, "release-feedback")]
