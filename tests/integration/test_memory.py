"""A notebook that needs more memory than its server has: its person reads why the kernel died, and what helps."""

import json
import re

from playwright.sync_api import expect

from deploy import accounts, files
from tests.classroom import Classroom
from tests.integration.person import alone, wait_for
from tests.journey.browser import chromium, page_of, picture, sign_in
from tests.journey.lab import Lab

# It runs for a while before, so that who has clicked on Run sees that it runs.
GREEDY = "import time\ntime.sleep(4)\nheld = b'x' * 2 * 1024**3"
FILE = "greedy.ipynb"


def test_who_runs_out_of_memory_reads_so(classroom: Classroom) -> None:
    """JupyterLab says that Linux ended the kernel; one click ends the server, and leads to the choice of another."""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None, "source": GREEDY}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
    notebook = {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    with chromium(classroom.settings.site.certificate) as browser, alone(classroom, "deniz") as deniz:
        file = accounts.home(classroom.settings, deniz.name) / FILE
        files.write(file, json.dumps(notebook), owner=deniz.name, group=deniz.name)
        try:
            deniz.start({"profile": "standard"})
            page = page_of(browser)
            sign_in(page, classroom.address, deniz.name, classroom.password("deniz"))
            lab = Lab(page)
            lab.open(classroom.server("deniz"), FILE)
            lab.run_all()
            notice = page.locator(".jp-toast-message", has_text="Out of memory: this server has 1 GB")
            expect(notice).to_be_visible(timeout=30_000)
            page.locator("dialog.jp-Dialog button").last.click()  # JupyterLab's own: the kernel has died
            larger = page.get_by_role("button", name="Choose a larger server")
            larger.hover()  # until it has slid in
            picture(page, "out-of-memory")
            larger.click()
            wait_for(lambda: not deniz.server(), "the server has ended")
            page.get_by_role("button", name=re.compile("Start JupyterLab")).click()
            expect(page.get_by_role("radio", name="Medium")).to_be_visible()
        finally:
            file.unlink()
