"""What came of all notebooks: report.json for programs, junit.xml for continuous integration."""

import json
import re
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree

from aula.run.job import Result

NAMES = ("report.json", "junit.xml")
UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def summary(results: list[Result]) -> dict[str, object]:
    """Return the report as one JSON object."""
    failed = [result.title for result in results if result.state != "ok"]
    return {
        "total": len(results),
        "failed": len(failed),
        "seconds": round(sum(result.seconds for result in results), 3),
        "notebooks": [asdict(result) for result in results],
    }


def write(results: list[Result], out: Path) -> None:
    """Write report.json and junit.xml into out."""
    (out / NAMES[0]).write_text(json.dumps(summary(results), indent=2) + "\n", encoding="utf-8")
    ElementTree.ElementTree(_junit(results)).write(out / NAMES[1], encoding="utf-8", xml_declaration=True)


def clear(out: Path) -> None:
    """Remove the reports of an earlier run, which would speak for one that is interrupted."""
    for name in NAMES:
        (out / name).unlink(missing_ok=True)


def _junit(results: list[Result]) -> ElementTree.Element:
    """Return the results as one JUnit test suite."""
    failed = [result for result in results if result.state != "ok"]
    counts = {"tests": str(len(results)), "failures": str(len(failed)), "errors": "0"}
    suite = ElementTree.Element("testsuite", {"name": "notebooks", **counts})
    for result in results:
        case = ElementTree.SubElement(
            suite, "testcase", classname=result.course, name=result.notebook, time=f"{result.seconds:.3f}"
        )
        if result.state != "ok":
            failure = ElementTree.SubElement(case, "failure", type=result.state, message=result.state)
            failure.text = UNPRINTABLE.sub("?", result.error)
    return suite
