"""No centre's, machine's, partition's or account's name stands in code or prose."""

import re
from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View

MACHINES = (
    "MareNostrum|Deucalion|Leonardo|LUMI|MeluXina|Karolina|Discoverer|JUPITER|JUWELS|Snellius|Mahti|Puhti|Finisterrae"
    "|Perlmutter|Frontera|Barcelona Supercomputing Center|CINECA"
)
NAMED = re.compile(rf"\b(?:{MACHINES})\b")
ORDER = re.compile(
    r"(?:#SBATCH\s+|\b(?:sbatch|srun|salloc)\b[^\n]*\s)"
    r"(--(?:partition|account|qos|reservation)[= ]|-[pAq] ?)([\"']?[A-Za-z][\w-]*)"
)


def _find(view: View) -> Iterator[Problem]:
    for page in view.every_page:
        for cell in page.cells:
            for pattern in (NAMED, ORDER):
                for found in pattern.finditer(cell.source):
                    line = cell.line + cell.source.count("\n", 0, found.start())
                    said = found[0] if pattern is NAMED else found[1] + found[2]
                    yield Problem(page.path, f"'{said}' is a name of one site.", line, cell.number)


RULE = Rule(
    name="no-site-names",
    title="no site's name, partition or account in code or prose",
    why="The same course is taught at every centre. Partition and account come from the site, not from the lesson.",
    bad="#SBATCH --partition=interactive",
    good="#SBATCH --ntasks=1        # the site's default partition",
    remedy="Leave it out, ask Slurm for it (sinfo), or write a placeholder in angle brackets.",
    find=_find,
)
