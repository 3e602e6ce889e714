"""The commands about the audit log of a course run's marks."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from aula.commands.command import Actions, print_json, rows

MOST = 50
"""Deviations that are told to people; the JSON has all."""


def add(actions: Actions) -> None:
    """Add these commands to those of `aula`."""
    action = actions.add_parser("audit", help="the audit log of marks: is it whole, who changed what, grades to export")
    parts = action.add_subparsers(title="commands", metavar="COMMAND", required=True)
    check = _part(parts, "verify", "say whether the log is whole, and the gradebook as it says; end with 1 where not")
    check.add_argument("--anchor", type=Path, metavar="FILE", help="compare with what was anchored in this file")
    check.add_argument("--json", action="store_true", help="print one JSON object")
    check.set_defaults(action=_verify)
    show = _part(parts, "show", "print who changed which mark, when, from what to what")
    show.add_argument("--student", default="", metavar="NAME", help="of one student")
    show.add_argument("--assignment", default="", metavar="NAME", help="of one assignment")
    show.add_argument("--json", action="store_true", help="print one JSON object")
    show.set_defaults(action=_show)
    keep = _part(parts, "anchor", "add the newest entry's hash to a file, to be kept on another host")
    keep.add_argument("file", type=Path, metavar="FILE", help="the file; made where it is missing")
    keep.set_defaults(action=_anchor)
    out = _part(parts, "export", "write the grades for other systems")
    form = out.add_mutually_exclusive_group(required=True)
    form.add_argument("--csv", type=Path, metavar="FILE", help="as a table")
    form.add_argument("--lti", type=Path, metavar="FILE", help="as JSON, with the Score objects of LTI 1.3")
    out.set_defaults(action=_export)


def _part(parts: Actions, name: str, text: str) -> argparse.ArgumentParser:
    parser = parts.add_parser(name, help=text, description=text)
    parser.add_argument("run_dir", type=Path, metavar="RUN_DIR", help="the course run: nbgrader's course directory")
    return parser


def _verify(options: argparse.Namespace) -> int:
    """Tell what deviates."""
    from aula.audit import verification

    verdict = verification.verify(options.run_dir, options.anchor)
    if options.json:
        print_json({"well": verdict.well, **asdict(verdict)})
        return 0 if verdict.well else 1
    for problem in verdict.problems[:MOST]:
        print(problem)
    if len(verdict.problems) > MOST:
        print(f"and {len(verdict.problems) - MOST} more: --json has all")
    for note in verdict.notes:
        print(f"note: {note}")
    of = f"{verdict.entries} entries, {verdict.values} values"
    print(
        f"The log is whole, and the gradebook is as it says: {of}." if verdict.well else f"Not as it should be: {of}."
    )
    return 0 if verdict.well else 1


def _show(options: argparse.Namespace) -> int:
    """Print the changes."""
    from aula.audit import history, stores

    found = history.rows(stores.read(options.run_dir).reading, options.student, options.assignment)
    if options.json:
        print_json({"changes": found})
    else:
        print(rows(history.table(found)) if found else "Nothing was changed.")
    return 0


def _anchor(options: argparse.Namespace) -> int:
    """Anchor the newest entry."""
    from aula.audit import anchor, stores

    newest = anchor.add(options.run_dir, stores.read(options.run_dir).reading, options.file)
    print(f"entry {newest.seq} is anchored in {options.file}: keep it on another host")
    return 0


def _export(options: argparse.Namespace) -> int:
    """Write the grades, and say where the log knows others."""
    from aula.audit import export, stores, verification
    from aula.errors import AuditError

    found = stores.read(options.run_dir)
    target = options.csv or options.lti
    text = export.as_csv(found) if options.csv else export.as_lti(found, options.run_dir.resolve().name)
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AuditError(f"{target} cannot be written: {error}") from error
    print(f"written: {target}")
    if not verification.judge(found, []).well:
        print("aula: the log does not vouch for these grades: see 'aula audit verify'", file=sys.stderr)
    return 0
