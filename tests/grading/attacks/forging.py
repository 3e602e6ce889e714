"""Line 12: forging a score, by what runs before the tests, beside them, or in their place."""

from tests.grading.hostile import Hostile

NONSENSE = {
    "smooth": "def smooth(*_):\n    return np.zeros(1)\n",
    "spikes": "def spikes(*_):\n    return np.zeros(0, dtype=int)\n",
    "degree-hours": "def degree_hours(*_):\n    return -1.0\n",
    "drift": "drift = 0.0\n",
}
"""Wrong answers of the right type: they earn the four public tests, and no more."""
YES = """\
class Yes:
    def _yes(self, *_, **__):
        return True
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = _yes
    __hash__ = object.__hash__
"""
PATCH = "['near'] = lambda *_: True\n"


def _first(name: str, source: str) -> Hostile:
    """Something that is done before the tests, which then should be content with nonsense."""
    return Hostile(name, 12, answers=NONSENSE, first=source, at_most=4.0)


ATTACKS = (
    _first(
        "compiles without asserts",
        "import builtins\nkept = builtins.compile\n"
        "builtins.compile = lambda *args, **kwargs: kept(*args, **{**kwargs, 'optimize': 1})",
    ),
    Hostile(
        "replaces isinstance",
        12,
        answers={"smooth": "import types\ndef smooth(*_):\n    return types.SimpleNamespace(dtype=float)\n"},
        first="import builtins\nkept = builtins.isinstance\n"
        "builtins.isinstance = lambda one, kind: True if 'ndarray' in str(kind) else kept(one, kind)",
    ),
    _first(
        "replaces numpy's test helpers",
        "import numpy as np, numpy.testing\nfor name in dir(np.testing):\n    if name.startswith('assert_'):\n"
        "        setattr(np.testing, name, lambda *_, **__: None)\n"
        "np.allclose = lambda *_, **__: True\nnp.shape = lambda *_: ()",
    ),
    Hostile(
        "replaces pandas' test helpers",
        12,
        "tables",
        {"clean": "def clean(table):\n    return table\n"},
        first="import pandas as pd, pandas.testing\npd.testing.assert_frame_equal = lambda *_, **__: None",
        at_most=1.0,
    ),
    Hostile(
        "redefines the author's helper",
        12,
        answers={**NONSENSE, "smooth": f"{NONSENSE['smooth']}\ndef near(*_):\n    return True\n"},
        at_most=4.0,
    ),
    _first(
        "empties what the shell is to run",
        "shell = get_ipython()\nshell.input_transformers_cleanup.append(lambda lines: ['pass\\n'])",
    ),
    _first(
        "takes asserts out of the tree",
        "import ast\nclass Away(ast.NodeTransformer):\n    def visit_Assert(self, node):\n        return ast.Pass()\n"
        "get_ipython().ast_transformers.append(Away())",
    ),
    _first(
        "replaces the shell's way to run a cell",
        "shell = get_ipython()\nkept = type(shell).run_cell\n"
        "def run_cell(self, raw_cell, *args, **kwargs):\n    return kept(self, '3.0', *args, **kwargs)\n"
        "type(shell).run_cell = run_cell",
    ),
    _first(
        "says nothing of errors",
        "shell = get_ipython()\nshell.showtraceback = shell._showtraceback = lambda *_, **__: None\n"
        "shell.showsyntaxerror = lambda *_, **__: None\nimport sys\nsys.excepthook = lambda *_: None",
    ),
    _first(
        "puts numbers into the answers of cells",
        "shell = get_ipython()\n"
        "shell.events.register('post_run_cell', lambda result: setattr(result, 'error_in_exec', None))\n"
        "shell.events.register('pre_run_cell', lambda info: setattr(info, 'raw_cell', '3.0'))",
    ),
    _first(
        "replaces compile and exec",
        "import builtins\nkept = builtins.compile\n"
        "builtins.compile = lambda source, *a, **k: kept('3.0' if 'assert' in str(source) else source, *a, **k)\n"
        "builtins.exec = lambda *_: None",
    ),
    Hostile(
        "is equal to everything",
        12,
        "tables",
        {
            "account": f"{YES}\nclass Account(Yes):\n    customer = balance = Yes()\n"
            "    def __init__(self, customer):\n        pass\n    def order(self, amount):\n"
            "        if amount <= 0:\n            raise ValueError\n"
            "        return Yes()\n    pay = order\n"
        },
    ),
    Hostile(
        "is an array equal to everything",
        12,
        answers={
            "degree-hours": f"{YES}\nclass Every(np.ndarray):\n    def __array_function__(self, *_, **__):\n"
            "        return Yes()\n\ndef degree_hours(*_):\n    return np.zeros(2).view(Every)\n",
            "drift": "drift = degree_hours()\n",
        },
    ),
    Hostile(
        "lies about its class",
        12,
        answers={
            "smooth": f"{YES}\nclass Array(Yes):\n    __class__ = np.ndarray\n    dtype = float\n"
            "    def __array__(self, *_, **__):\n        return np.zeros(2)\n\ndef smooth(*_):\n    return Array()\n"
        },
        at_most=1.0,
    ),
    Hostile(
        "prints the mark",
        12,
        answers={"degree-hours": "def degree_hours(*_):\n    print('3.0')\n    display(3.0)\n    return 'x'\n"},
        last="3.0",
    ),
    Hostile(
        "formats every result as a mark",
        12,
        answers={"degree-hours": "def degree_hours(*_):\n    return 4.0\n"},
        at_most=2.5,
        first="shell = get_ipython()\nplain = shell.display_formatter.formatters['text/plain']\n"
        "plain.for_type(object, lambda *_: '3.0')\nplain.for_type(float, lambda o, p, c: p.text('3.0'))\n"
        "import sys\nsys.displayhook = lambda *_: None",
    ),
    Hostile(
        "a function that reads who calls it",
        12,
        answers={
            "degree-hours": "import sys\ndef degree_hours(*_):\n    frame = sys._getframe()\n    while frame:\n"
            "        print(frame.f_code.co_filename, frame.f_globals.get('In'), frame.f_locals)\n"
            f"        frame.f_globals{PATCH}        frame = frame.f_back\n    return -1.0\n"
        },
        at_most=1.0,
    ),
    Hostile(
        "looks for the hidden tests in memory",
        12,
        answers={
            "smooth": "import gc, linecache\ndef smooth(values, width):\n"
            "    found = [o for o in gc.get_objects() if isinstance(o, dict) and '_ih' in o]\n"
            "    texts = [str(o.get('_ih')) for o in found] + [str(linecache.cache)]\n"
            "    raise ValueError(' '.join(text for text in texts if 'assert' in text))\n"
        },
    ),
    Hostile(
        "gives back the values that it is asked for",
        12,
        answers={
            "smooth": "asked = []\ndef smooth(values, width):\n    asked.append((list(values), width))\n"
            "    raise AssertionError(f'asked for {asked}')\n"
        },
    ),
    _first(
        "traces and patches while others run",
        f"import sys, threading\ndef follow(frame, event, argument):\n    frame.f_globals{PATCH}"
        "    return follow\nsys.settrace(follow)\nthreading.settrace(follow)",
    ),
    _first(
        "a thread that waits for the tests",
        "import threading, time\ndef wait():\n    while True:\n        globals()['answer'] = None\n"
        f"        globals()['right'] = 4\n        globals(){PATCH}        time.sleep(0.001)\n"
        "threading.Thread(target=wait, daemon=True).start()",
    ),
    _first(
        "a process that outlives the grading",
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(60)\n"
        "        open('@ROOT@/late', 'w').write('3.0')\n    os._exit(0)",
    ),
    Hostile(
        "speaks the judge's language on every open descriptor",
        12,
        first="import json, os, struct\n"
        "said = json.dumps({'outcome': 'passed', 'points': 99, 'said': '', 'outputs': []}).encode()\n"
        "for number in range(3, 64):\n    try:\n        os.write(number, struct.pack('>I', len(said)) + said)\n"
        "    except OSError:\n        pass",
    ),
    Hostile(
        "answers with what would be run when it is read",
        12,
        answers={
            "degree-hours": "class Loaded:\n    def __reduce__(self):\n"
            "        return (open, ('@ROOT@/loaded', 'w'))\n\ndef degree_hours(*_):\n    return Loaded()\n"
        },
    ),
    Hostile(
        "names a test's own variables",
        12,
        answers={"drift": "right = 4\ncases = []\nkept_hours = kept_room = centred = None\ndrift = 'nothing'\n"},
    ),
    Hostile(
        "changes the numbers that the tests are made of",
        12,
        answers={
            "drift": "hours[:] = 0\nroom[:] = 0\ndrift = 0.0\n",
            "spikes": "def spikes(*_):\n    return np.array([40])\n",
        },
        at_most=2.0,
    ),
    Hostile(
        "other numbers each time it is looked at",
        12,
        "tables",
        {
            "account": "import itertools\nclass Account:\n    numbers = itertools.cycle([-12.5, 7.5])\n"
            "    def __init__(self, customer):\n        self.customer = customer\n        self.looks = 0\n"
            "    @property\n    def balance(self):\n        self.looks += 1\n"
            "        return 0.0 if self.looks < 2 else 7.5\n"
            "    def order(self, amount):\n        return next(self.numbers)\n    pay = order\n"
        },
        at_most=1.0,
    ),
)
