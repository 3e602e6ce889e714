"""The judge: executes test cells, and asks the trainee's process for the names that it does not know."""

import ast
import linecache
import socket
import sys
import types
from dataclasses import asdict
from typing import Any

from . import frames, printed, system, verdict
from .names import HOME, Names
from .operators import Operators
from .refused import Refused
from .remote import Line
from .sources import Sources

MOST = 64_000_000
"""Bytes of a message of the supervisor's."""
RECURSION = 4_000


class Judge:
    """Answers a supervisor: begin, then test by test, until the end."""

    def __init__(self, line: socket.socket) -> None:
        self._sock = line
        self._operators = Operators([])
        self._line = Line(line, self._operators, Sources(None), HOME)
        self._names = Names(self._line, ())
        self._count = 0

    def begin(self, message: dict[str, Any]) -> dict[str, Any]:
        """Execute the judge's own statements; return what was wrong with them, if anything was.

        `operators` are those that the reference's objects were asked for; None to record them. `submission` are the
        sources of the cells that were handed in: without them a test that looks at sources sees what the trainee's
        process says.
        """
        self._operators = Operators(message.get("operators", []))
        self._line = Line(self._sock, self._operators, Sources(message.get("submission")), HOME)
        self._names = Names(self._line, message["names"])
        problems = []
        for source in message["own"]:
            try:
                exec(self._compiled(source)[0], self._names)  # noqa: S102  the author's own statements
            except Exception as error:  # noqa: BLE001  what cannot be had here is missed by the tests that need it
                problems.append(f"{type(error).__name__}: {error}"[:500])
        self._line.own = {name: one for name, one in dict.items(self._names) if isinstance(one, type) and _is_own(one)}
        self._line.follow_seeds()
        try:
            self._line.ask({"do": "hello", "own": [*self._line.own]})
        except Refused as error:
            problems.append(str(error))
        return {"problems": problems} if problems else {}

    def job(self, found: dict[str, Any]) -> dict[str, Any]:
        """Let tests have what came of a job script, as the author's name `job`."""
        dict.__setitem__(self._names, "job", types.SimpleNamespace(**found))
        return {}

    def test(self, source: str) -> dict[str, Any]:
        """Execute a test cell; return the verdict, and which operators it used on the trainee's objects."""
        outputs: list[dict[str, Any]] = []
        self._line.renew()
        self._names.renew()
        with printed.collected(outputs):
            found = self._judged(source)
        found.outputs = outputs
        return {**asdict(found), "operators": self._operators.used}

    def _judged(self, source: str) -> verdict.Verdict:
        try:
            body, last, file = self._compiled(source)
        except (SyntaxError, ValueError) as error:
            return verdict.refused(f"the test cell is no Python: {error}")
        try:
            exec(body, self._names)  # noqa: S102  the author's test
            value = eval(last, self._names) if last is not None else None  # noqa: S307  the author's
            found = verdict.passed(value)
        except Refused as error:
            found = verdict.refused(str(error))
        except BaseException as error:  # noqa: BLE001  whatever ends a cell is its verdict
            found = verdict.failed(error, file, f"<{HOME}", theirs=self._line.raised(error))
        # A test can catch what refused it, in an `except:` of its own; it is refused all the same.
        return verdict.refused(self._line.refusal) if self._line.refusal else found

    def _compiled(self, source: str) -> tuple[Any, Any, str]:
        """Return a cell's statements and its last expression, if its value is shown. Raises SyntaxError."""
        self._count += 1
        file = f"<{HOME} {self._count}>"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        tree = ast.parse(source, file)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
            last = compile(ast.Expression(tree.body.pop().value), file, "eval")  # type: ignore[attr-defined]  # it is an Expr
        return compile(tree, file, "exec"), last, file


def _is_own(kind: type) -> bool:
    """Return whether a class can be made here from the values that come: one of the author's, of Python's own kind."""
    return kind.__module__ == HOME and ("__new__" not in {name for one in kind.__mro__[:-1] for name in vars(one)})


def serve(control: socket.socket, line: socket.socket) -> None:
    """Be a judge until the supervisor ends it, or is gone."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
    judge = Judge(line)
    while True:
        try:
            message, _ = frames.receive(control, MOST)
        except frames.ClosedError:
            return
        match message.get("do"):
            case "begin":
                answer = judge.begin(message)
            case "test":
                answer = judge.test(message["source"])
            case "job":
                answer = judge.job(message["job"])
            case _:
                return
        frames.send(control, answer)


def prepare() -> None:
    """Load nothing more: it is all here."""


def live(control: socket.socket, line: socket.socket, _: dict[str, Any]) -> None:
    """Be the judge of one submission. What a test starts, as a script that was handed in, must not look into it."""
    system.prctl(system.DUMPABLE, 0)
    serve(control, line)
