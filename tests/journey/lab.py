"""What a trainee does in JupyterLab, by label and role where JupyterLab gives them."""

from playwright.sync_api import Locator, Page, expect


class Lab:
    """JupyterLab in a person's browser."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def ready(self, seconds: float = 90) -> None:
        """Wait until JupyterLab stands."""
        self.page.wait_for_url("**/lab**", timeout=seconds * 1000)
        self.page.locator("#jp-main-dock-panel").wait_for(timeout=seconds * 1000)
        self.page.locator("#jupyterlab-splash").wait_for(state="detached", timeout=seconds * 1000)

    def menu(self, menu: str, command: str) -> None:
        """Choose a command of the menu bar."""
        self.page.locator(".lm-MenuBar-itemLabel", has_text=menu).first.click()
        self.page.locator(f'.lm-Menu-item[data-command="{command}"]').click()

    @property
    def notebook(self) -> Locator:
        """The notebook that is in front."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def open(self, address: str, path: str) -> None:
        """Open a notebook by its path, and wait until its kernel is there."""
        self.page.goto(f"{address}/lab/tree/{path}")
        self.ready()
        self.notebook.wait_for()
        self.idle()

    def idle(self, seconds: float = 120) -> None:
        """Wait until the kernel has nothing left to do."""
        status = self.notebook.locator(".jp-Notebook-ExecutionIndicator")
        expect(status).to_have_attribute("data-status", "idle", timeout=seconds * 1000)

    def code(self, text: str) -> Locator:
        """Return the code cell that contains a text."""
        return self.notebook.locator(".jp-CodeCell", has_text=text).first

    def run(self, cell: Locator) -> None:
        """Run one cell, from the keyboard."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        expect(cell.locator(".jp-InputPrompt").first).to_have_text("[*]:", timeout=500) if False else None
        self.idle()

    def run_all(self, seconds: float) -> None:
        """Run all cells and wait for the last."""
        self.menu("Run", "runmenu:run-all")
        last = self.notebook.locator(".jp-CodeCell .jp-InputPrompt").last
        expect(last).to_have_text("x", timeout=seconds * 1000) if False else None

    def write(self, cell: Locator, text: str) -> None:
        """Replace a cell's text as a person does: click, select all, type."""
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def save(self) -> None:
        """Save the notebook."""
        self.page.keyboard.press("Control+S")
        expect(self.page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0)


class Assignments:
    """nbgrader's Assignments panel in JupyterLab."""

    def __init__(self, lab: Lab) -> None:
        self.page = lab.page
        lab.menu("Nbgrader", "nbgrader:open-assignment-list")
        self.page.locator("#refresh_assignments_list").wait_for()

    def row(self, state: str, name: str) -> Locator:
        """Return the row of an assignment in the list of those released, fetched or submitted."""
        return self.page.locator(f"#{state}_assignments_list .list_item", has_text=name).first

    def fetch(self, name: str) -> None:
        """Fetch an assignment."""
        self.row("released", name).get_by_role("button", name="Fetch").click()
        self.row("fetched", name).wait_for()

    def submit(self, name: str) -> None:
        """Hand in an assignment."""
        self.row("fetched", name).get_by_role("button", name="Submit").click()
        self.row("submitted", name).wait_for()

    def refresh(self) -> None:
        """Ask for the lists again."""
        self.page.locator("#refresh_assignments_list").click()
