"""What a trainee does in JupyterLab, by label and role where JupyterLab gives them."""

from playwright.sync_api import Locator, Page, TimeoutError, expect

MANY_CELLS = 60


class Lab:
    """JupyterLab in a person's browser."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def ready(self, seconds: float = 90) -> None:
        """Wait until JupyterLab stands."""
        self.page.wait_for_url("**/lab**", timeout=seconds * 1000)
        self.page.locator("#jp-main-dock-panel").wait_for(timeout=seconds * 1000)
        self.page.locator("#jupyterlab-splash").wait_for(state="detached", timeout=seconds * 1000)

    def menu(self, menu: str, command: str, within: str | None = None) -> None:
        """Choose a command of the menu bar, or of the submenu `within`. Fail with what a dialog in the way says."""
        dialog = self.page.locator("dialog.jp-Dialog")
        assert not dialog.count(), f"JupyterLab asks: {dialog.first.inner_text()}"
        self.page.locator(".lm-MenuBar-itemLabel", has_text=menu).first.click()
        if within:
            self.page.locator(".lm-Menu-item", has_text=within).first.hover()
        self.page.locator(f'.lm-Menu-item[data-command="{command}"]').click()

    @property
    def notebook(self) -> Locator:
        """The notebook that is in front."""
        return self.page.locator(".jp-NotebookPanel").filter(visible=True)

    def open(self, address: str, path: str) -> None:
        """Open a notebook by its path, and wait until its kernel is there."""
        self.page.goto(f"{address}/lab/tree/{path}")
        self.ready()
        front = self.page.locator("#jp-main-dock-panel .lm-TabBar-tab.lm-mod-current")
        expect(front).to_have_text(path.rpartition("/")[2])  # what was open the last time comes back first
        self.notebook.wait_for()
        self.idle()
        self.notebook.locator(".jp-Notebook-cell").first.click()

    def idle(self, seconds: float = 120) -> None:
        """Wait until the kernel has nothing left to do."""
        status = self.notebook.locator(".jp-Notebook-ExecutionIndicator")
        expect(status).to_have_attribute("data-status", "idle", timeout=seconds * 1000)

    def run_all(self) -> None:
        """Run all cells; a menu that was clicked while JupyterLab still settled is clicked again."""
        first = self.notebook.locator(".jp-CodeCell .jp-InputPrompt").first
        for _ in range(3):
            self.menu("Run", "runmenu:run-all")
            try:
                expect(first).not_to_have_text("[ ]:", timeout=8000)
            except AssertionError:
                continue
            return
        expect(first).not_to_have_text("[ ]:")

    def replace(self, text: str, by: str) -> None:
        """Go down to the next cell that contains a text, by keyboard as only some cells are drawn, and rewrite it."""
        active = self.notebook.locator(".jp-Notebook-cell.jp-mod-active")
        for _ in range(MANY_CELLS):
            if text in active.inner_text():
                break
            self.page.keyboard.press("Escape")
            self.page.keyboard.press("ArrowDown")
        expect(active).to_contain_text(text)
        self.page.keyboard.press("Enter")
        expect(active.locator(".cm-focused")).to_be_visible()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(by)
        self.page.keyboard.press("Escape")

    def save(self) -> None:
        """Ask for the notebook to be saved."""
        self.page.keyboard.press("Control+S")

    def saved(self) -> None:
        """Wait until nothing is left to save."""
        expect(self.page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0)


class Assignments:
    """The Assignments panel in JupyterLab."""

    def __init__(self, lab: Lab) -> None:
        self.page = lab.page
        lab.menu("Nbgrader", "nbgrader:open-assignment-list")
        self.page.locator(".aula-card").first.wait_for(state="attached")

    def card(self, name: str) -> Locator:
        """Return an assignment's card; what JupyterLab opens late comes to the front, and the panel is called back."""
        card = self.page.locator(f'.aula-card[data-assignment="{name}"]')
        for _ in range(10):
            try:
                card.wait_for(timeout=6000)
                break
            except TimeoutError:
                self.page.locator("#jp-main-dock-panel .lm-TabBar-tab[data-id=aula-assignments]").click()
        card.wait_for()
        return card

    def press(self, name: str, button: str, seconds: float = 60) -> str:
        """Press a button of an assignment, whatever its language, and return what is said when that is done."""
        card = self.card(name)
        card.locator(f'button[data-key^="{button}"]').first.click()
        card.locator(".aula-done, .aula-wrong").wait_for(timeout=seconds * 1000)
        assert not card.locator(".aula-wrong").count(), card.locator(".aula-wrong").inner_text()
        return card.locator(".aula-done").inner_text()

    def fetch(self, name: str) -> None:
        """Fetch an assignment."""
        self.press(name, "fetch")

    def submit(self, name: str) -> None:
        """Hand in an assignment, and be told where its receipt is."""
        assert f"{name}-0001.json" in self.press(name, "submit")

    def validate(self, name: str) -> str:
        """Validate the notebook of a fetched assignment and return what the panel says."""
        return self.press(name, "validate", seconds=120)

    def fetch_feedback(self, name: str) -> None:
        """Fetch the feedback on what was handed in."""
        self.press(name, "feedback")

    def feedback(self, name: str) -> Locator:
        """Open the feedback that was fetched for what was handed in, and return its page."""
        self.card(name).locator('button[data-key^="read/"]').click()
        return self.page.frame_locator(".jp-HTMLViewer iframe").locator("body")
