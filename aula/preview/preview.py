"""The preview itself: looks at the courses' folders, prints what changed, runs it, prints it with its outputs."""

import asyncio
import multiprocessing
import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import TypeVar

from nbformat import NotebookNode

from aula import catalogue, kernel, notebook
from aula.catalogue import Course
from aula.course import Lesson
from aula.errors import AulaError, BookError, CatalogueError, PreviewError, RunError
from aula.press import pages
from aula.preview import digest, layout, leaf, press, remark, sheets, snapshot, student, trial, trouble
from aula.preview.leaf import Leaf
from aula.preview.snapshot import Snapshot
from aula.preview.trouble import Trouble
from aula.run import cache, plan
from aula.run.cache import Cache
from aula.run.job import Job
from aula.run.warm.imports import wanted
from aula.run.warm.zygotes import zygote

PACE_S = 0.3
"""Seconds between two looks at the folders."""
AT_ONCE = 2
"""Lessons that run at a time."""
T = TypeVar("T")


class Preview:
    """The pages of some courses; place is a folder for what is printed, kept holds what ran clean earlier."""

    def __init__(self, root: Path, folders: Sequence[Path], place: Path, kept: Path) -> None:
        self._root, self._folders = root, folders
        self._source, self._built, self._runs_folder = place / "source", place / "built", place / "runs"
        self._cache, self._numbers = Cache(kept), count()
        self.html = self._built / "html"
        self.leaves: dict[str, Leaf] = {}
        self.troubles: dict[str, tuple[Trouble, ...]] = {}
        self.version = 0
        self._contents: dict[str, object] = {}
        self._news = asyncio.Event()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._runs: dict[str, asyncio.Task[None]] = {}
        self._held = ExitStack()
        self._zygotes: list[tuple[str, set[str], Path]] = []

    async def watch(self) -> None:
        """Follow the folders for ever."""
        before: Snapshot | None = None
        with self._held, ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as self._press:
            try:
                while True:
                    now = await asyncio.to_thread(snapshot.take, self._folders)
                    if now != before:
                        await self._look(now)
                        before = now
                    await asyncio.sleep(PACE_S)
            finally:
                await self._stop(list(self._runs))

    @property
    def news(self) -> asyncio.Event:
        """Is set as soon as anything is other than it is now; after that there is another one."""
        return self._news

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def _look(self, now: Snapshot) -> None:
        """Bring all pages up to what lies in the folders now."""
        courses = [course for folder in self._folders if (course := await asyncio.to_thread(self._read, folder))]
        if courses:
            await self._settle(courses)
        changed = []
        for one in self.leaves.values():
            if one.course in courses and (made_of := digest.of_page(one, now)) != one.made_of:
                one.made_of = made_of
                changed.append(one)
        for course in {one.course.id: one.course for one in changed}.values():
            await asyncio.to_thread(layout.put_beside, course, self._source)
        await self._stop([one.address for one in changed])
        await self._print(changed, self._prepared)
        self._tell()

    def _read(self, folder: Path) -> Course | None:
        """Return a course as it is now; None where its contract is broken, which its pages then say."""
        course: Course | None = None
        found: tuple[Trouble, ...] = ()
        try:
            course = catalogue.read(folder)
        except CatalogueError as error:
            found = trouble.of(error, folder, folder / catalogue.CONTRACT)
        if found != self.troubles.get(folder.name, ()):
            self.version += 1
            for one in self.leaves.values():
                one.version += one.course.id == folder.name
        self.troubles[folder.name] = found
        return course

    async def _settle(self, courses: list[Course]) -> None:
        """Take over the courses' contracts; where pages come or go, or have another title, begin the book anew."""
        old, broken = self.leaves, {name for name, found in self.troubles.items() if found}
        new = {one.address: one for course in courses for one in leaf.of(course)}
        new |= {address: one for address, one in old.items() if one.course.id in broken}
        for address, one in new.items():
            if address in old:
                old[address].course = one.course
        self.leaves = {address: old.get(address, one) for address, one in new.items()}
        contents = layout.contents(self._root, courses)
        if contents == self._contents:
            return
        self._contents = contents
        await self._stop(list(self._runs))
        await asyncio.to_thread(layout.lay_out, self._root, courses, self._source)
        await self._at_the_press(press.begin, self._source, self._built)
        self.version += 1
        for one in self.leaves.values():
            one.made_of = ""

    async def _print(self, leaves: Iterable[Leaf], prepared: "Callable[[Leaf], Job | None]") -> None:
        """Print pages, and begin the runs that they need."""
        sound: list[Leaf] = []
        jobs: list[tuple[Leaf, Job]] = []
        for one in leaves:
            try:
                job = await asyncio.to_thread(prepared, one)
            except (AulaError, OSError) as error:  # a file may go away while it is read
                self._refuse(one, trouble.of(error, one.course.folder, one.source))
                continue
            if one.troubles:
                self._refuse(one, one.troubles)
                continue
            sound.append(one)
            if job:
                jobs.append((one, job))
        try:
            said = await self._at_the_press(press.pages, [self._source / one.file for one in sound]) if sound else []
        except BookError as error:
            for one in sound:
                self._refuse(one, trouble.of(error, one.course.folder, one.source))
            return
        for one in sound:
            one.remarks = tuple(filter(None, (remark.of(line, one, self._source) for line in said)))
            one.state = "failed" if one.ran and not one.ran.clean else "clean"
            one.version += 1
        for one, job in jobs:
            one.state = "waiting"
            self._runs[one.address] = asyncio.create_task(self._run(one, job))

    def _refuse(self, one: Leaf, found: tuple[Trouble, ...]) -> None:
        one.troubles, one.remarks, one.state, one.version = found, (), "refused", one.version + 1

    def _prepared(self, one: Leaf) -> Job | None:
        """Write what is printed of a page; return the run that it needs, if it needs one."""
        one.troubles = ()
        target = self._source / one.file
        if one.kind == "about":
            target.write_text(pages.course(one.course), encoding="utf-8")
        elif one.kind == "assignment":
            task = next(task for task in one.course.assignments if task.name == one.name)
            place = self._runs_folder / "student" / one.course.id / task.name
            node, one.troubles = student.version(one.course, task, place)
            notebook.write(sheets.assignment(one.course, task, node), target)
        else:
            return self._prepared_lesson(one)
        target.with_suffix(".md" if target.suffix == ".ipynb" else ".ipynb").unlink(missing_ok=True)
        return None

    def _prepared_lesson(self, one: Leaf) -> Job | None:
        """Write a lesson with the outputs that are known; where they are not those of its code, return the run."""
        item = _lesson(one)
        node = plan.lesson(one.course, item)
        job: Job | None = None
        code = digest.of_code(one, item, node)
        if not (one.ran and one.ran.clean and one.code == code):
            job = plan.lesson_job(one.course, item, node, self._runs_folder / str(next(self._numbers)))
            if known := self._cache.find(job):
                one.ran, one.code = sheets.read(job.executed, known), code
                shutil.rmtree(job.out)
                job = None
        self._write(one, node, current=job is None)
        return job

    def _write(self, one: Leaf, node: NotebookNode, *, current: bool) -> None:
        target = self._source / one.file
        notebook.write(sheets.lesson(one.course, _lesson(one), node, one.ran, current=current), target)
        target.with_suffix(".md").unlink(missing_ok=True)

    async def _run(self, one: Leaf, job: Job) -> None:
        """Run a lesson, and print it with what came of it."""
        item = _lesson(one)
        try:
            async with self._slots:
                one.state = "running"
                node = await asyncio.to_thread(plan.lesson, one.course, item)
                name = await asyncio.to_thread(cache.key, job)
                result = await trial.run(job, self._zygote(node), lambda at, of: self._place(one, at, of))
            one.ran, one.code = sheets.read(job.executed, result), digest.of_code(one, item, node)
            await asyncio.to_thread(self._cache.keep, job, name, result)
            await self._print([one], lambda leaf: self._write(leaf, node, current=True))
        except (RunError, OSError) as error:
            one.state = "failed"
            one.remarks = trouble.of(error, one.course.folder, one.source)
        finally:
            one.said = ""
            shutil.rmtree(job.out, ignore_errors=True)
            self._tell()

    def _place(self, one: Leaf, at: int, of: int) -> None:
        said = f"Running cell {at} of {of}"
        if said != one.said:
            one.said = said
            self._tell()

    def _zygote(self, node: NotebookNode) -> Path:
        """Return a zygote that has loaded what the lesson imports."""
        modules, name = set(wanted([node])), kernel.of(node)
        mine = [(loaded, socket) for on, loaded, socket in self._zygotes if on == name]
        for loaded, socket in mine:
            if modules <= loaded:
                return socket
        modules = modules.union(*(loaded for loaded, _ in mine))
        socket = self._held.enter_context(zygote(sorted(modules), name))
        self._zygotes.append((name, modules, socket))
        return socket

    async def _stop(self, addresses: Iterable[str]) -> None:
        """End the runs of these pages, and wait until they have ended."""
        tasks = [self._runs.pop(address) for address in addresses if address in self._runs]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _at_the_press(self, work: Callable[..., T], *what: object) -> T:
        """Let the press do something. Raises PreviewError where its process was killed."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._press, work, *what)
        except BrokenProcessPool as error:
            raise PreviewError("the process that prints pages was killed: is memory short? Start again") from error


def _lesson(one: Leaf) -> Lesson:
    return next(item for item in one.course.lessons if item.file == one.name)
