"""The commands about a centre and its site.yml."""

import argparse
import os
from dataclasses import asdict
from pathlib import Path

from aula import yaml_file
from aula.commands.command import Actions, print_json
from aula.errors import SiteError
from aula.site import reference
from aula.site.schema import Site


def add(actions: Actions) -> None:
    """Add these commands to those of `aula`."""
    action = actions.add_parser("site", help="a centre's site.yml: show it, check the site behind it")
    parts = action.add_subparsers(title="commands", metavar="COMMAND", required=True)
    show = parts.add_parser("show", help="print the file as JSON, with every default filled in")
    show.add_argument("file", type=Path, help="the site's description, as site.yml")
    show.set_defaults(action=_show)
    check = parts.add_parser("check", help="try everything that can be tried; tell all that is wrong")
    check.add_argument("file", type=Path, help="the site's description, as site.yml")
    check.add_argument(
        "--state", type=Path, default=Path("/srv/aula"), help="the class's state folder (default: /srv/aula)"
    )
    check.add_argument("--json", action="store_true", help="print one JSON object")
    check.set_defaults(action=_check)
    reference = parts.add_parser("reference", help="print the reference of site.yml as Markdown")
    reference.set_defaults(action=_reference)


def _show(options: argparse.Namespace) -> int:
    """Print a site.yml, checked and whole."""
    print_json(yaml_file.read(options.file, Site, SiteError).model_dump(mode="json"))
    return 0


def _check(options: argparse.Namespace) -> int:
    """Try a site; end with 1 where anything failed."""
    from aula.site.check import everything

    site = yaml_file.read(options.file, Site, SiteError)
    if os.geteuid() != 0:
        raise SiteError("the check acts in the names of the site's accounts: run it as root, on the service node")
    outcomes = []
    for outcome in everything.check(site, options.state):
        outcomes.append(outcome)
        if not options.json:
            print(everything.line(outcome), flush=True)
    failed = [outcome for outcome in outcomes if outcome.state == "failed"]
    if options.json:
        print_json({"well": not failed, "checks": [asdict(outcome) for outcome in outcomes]})
    else:
        print(f"\n{len(failed)} of {len(outcomes)} checks failed." if failed else "\nThe site is ready.")
    return 1 if failed else 0


def _reference(_: argparse.Namespace) -> int:
    """Print the reference page of site.yml."""
    print(reference.page(), end="")
    return 0
