"""Ways to write the same answer differently: what it does stays."""

import ast
import builtins
from collections.abc import Callable
from random import Random

WORDS = ("data", "tmp", "result", "x", "aux", "my_values", "val", "lst", "n1", "foo", "resultado", "içerik", "număr")
REMARKS = ("# TODO ask in class", "# works!!", "# así lo hicimos en el curso", "# 2nd try", '# "quotes" and \\ and {}')


class _Renamed(ast.NodeTransformer):
    """Gives the local variables of each function other names; parameters keep theirs."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.names: dict[str, str] = {}

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Rename in one function."""
        parts = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
        kept = {argument.arg for argument in ast.walk(node) if isinstance(argument, ast.arg)} | set(dir(builtins))
        local = sorted({part.id for part in parts if isinstance(part.ctx, ast.Store)} - kept)
        taken = {part.id for part in parts} | kept
        free = [word for word in WORDS if word not in taken] + [f"value_{n}" for n in range(len(local))]
        self.names = dict(zip(local, self.chance.sample(free, len(local)), strict=True))
        self.generic_visit(node)
        self.names = {}
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Rename one variable."""
        node.id = self.names.get(node.id, node.id)
        return node


def renamed(source: str, chance: Random) -> str:
    """Give local variables other names."""
    return ast.unparse(_Renamed(chance).visit(ast.parse(source))) + "\n"


def annotated(source: str, chance: Random) -> str:
    """Put remarks between the lines."""
    lines: list[str] = []
    for line in source.splitlines():
        if line.strip() and chance.random() < 0.4:
            lines.append(line[: len(line) - len(line.lstrip())] + chance.choice(REMARKS))
        lines.append(line)
    return "\n".join(lines) + "\n"


def talkative(source: str, chance: Random) -> str:
    """Print on the way: once where the cell runs, and each time a function is called."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.body.insert(0, ast.parse(f"print('in {node.name}', {chance.randrange(100)})").body[0])
    return ast.unparse(ast.fix_missing_locations(tree)) + "\nprint('defined')\n"


def helped(source: str, _chance: Random) -> str:
    """Let another function, or class, do the work, and give it the right name at the end."""
    tree = ast.parse(source)
    last = [node for node in tree.body if isinstance(node, ast.FunctionDef)][-1:]
    if not last:
        return source
    name = last[0].name
    last[0].name = f"_{name}_first_try"
    arguments = ", ".join(argument.arg for argument in last[0].args.args)
    return f"{ast.unparse(tree)}\n\ndef {name}({arguments}):\n    return _{name}_first_try({arguments})\n"


def spaced(source: str, chance: Random) -> str:
    """Add empty lines and spaces at the ends of lines."""
    return "\n\n" + "\n".join(line + " " * chance.randrange(3) for line in source.splitlines()) + "\n\n\n"


WAYS: tuple[Callable[[str, Random], str], ...] = (renamed, annotated, talkative, helped, spaced)
