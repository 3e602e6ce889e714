"""The commands about a course's quality: check, explain."""

import argparse
import json
import os
import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

from aula.commands.command import Actions, rows

KEPT = Path("build/check-kept")
"""What came of earlier runs of notebooks, in the checkout."""


def add(actions: Actions) -> None:
    """Add these commands to those of `aula`."""
    one = actions.add_parser("check", help="say what is wrong with a course, before any trainee sees it")
    one.add_argument("course", nargs="*", help="courses to check (default: all)")
    one.add_argument("--fast", action="store_true", help="leave out the rules that execute or grade")
    one.add_argument("--rule", action="append", default=[], metavar="NAME", help="only this rule; may be repeated")
    since(one)
    one.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit report too")
    form = one.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object")
    form.add_argument("--github", action="store_true", help="print annotations for GitHub's workflows too")
    one.set_defaults(action=_check)
    text = actions.add_parser("explain", help="say what a rule of `aula check` wants, and why")
    text.add_argument("rule", nargs="?", help="the rule's name (default: list all)")
    text.add_argument("--json", action="store_true", help="print one JSON object")
    text.set_defaults(action=_explain)


def since(parser: argparse.ArgumentParser) -> None:
    """Add the argument that leaves out what has not changed."""
    parser.add_argument(
        "--changed",
        nargs="?",
        const="HEAD",
        metavar="BASE",
        help="only what is other than where this branch left BASE, committed or not (default: the last commit)",
    )


def _check(options: argparse.Namespace) -> int:
    from aula import (
        changed,
        kernel,
    )  # what reads notebooks takes its time to import, and the hub's environment has none of it
    from aula.check import check, machine, selection, terminal

    folders = selection.folders(options.root, options.course)
    rules = selection.rules(options.rule, fast=options.fast)
    read_only: list[str] = []
    if options.changed is not None:
        changes = changed.since(options.root, options.changed)
        folders = [folder for folder in folders if changes.of(folder.name)]
        read_only = [folder.name for folder in folders if not changes.graded(folder.name)]
    slow = any(rule.slow for rule in rules) and len(read_only) < len(folders)
    with kernel.settled(Path(sys.executable).parent) if slow else nullcontext():
        outcome = check.check(options.root, folders, rules, _progress, read_only, options.root / KEPT)
    if options.json:
        print(json.dumps(machine.as_object(outcome), indent=2, ensure_ascii=False))
    else:
        print(terminal.report(outcome, sys.stdout.isatty() and "NO_COLOR" not in os.environ))
    for finding in outcome.findings if options.github else ():
        print(machine.annotation(finding))
    if options.junit:
        machine.write_junit(outcome, options.junit)
    return 1 if outcome.findings else 0


def _progress(line: str) -> None:
    """Tell a person who waits at a terminal what is being done; say nothing to a file or a program."""
    if sys.stderr.isatty():
        print(line, file=sys.stderr, flush=True)


def _explain(options: argparse.Namespace) -> int:
    from aula.check import selection, terminal
    from aula.check.rules import ALL

    chosen = [selection.rule(options.rule)] if options.rule else list(ALL)
    if options.json:
        told = [{key: value for key, value in asdict(rule).items() if key != "find"} for rule in chosen]
        print(json.dumps({"rules": told}, indent=2, ensure_ascii=False))
    elif options.rule:
        print(terminal.explanation(chosen[0]))
    else:
        print(rows([(rule.name, rule.title) for rule in chosen]))
        print("\nNext: aula explain RULE")
    return 0
