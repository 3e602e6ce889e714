"""What a student's cell says."""

from typing import Any

from aula.grading.boxed import Boxed

WAITS_S = 60


def run(student: Boxed, source: str, timeout_s: float = WAITS_S) -> dict[str, Any]:
    """Run a cell and return the answer."""
    return student.ask({"do": "run", "source": source}, timeout_s)


def said(student: Boxed, source: str, *, last: bool = False) -> str:
    """Run a cell; return what it printed, and its error as a last line; or the value of its last expression."""
    outputs = run(student, source)["outputs"]
    if last:
        return str(outputs[-1]["data"]["text/plain"])
    return "".join(
        one["text"] if one["output_type"] == "stream" else f"{one['ename']}: {one['evalue']}\n"
        for one in outputs
        if one["output_type"] in ("stream", "error")
    )
