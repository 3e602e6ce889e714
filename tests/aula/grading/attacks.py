"""Submissions that try to pass without an answer: through what they return, what they patch, and the protocol."""

ALL_EQUAL = """
class Yes:
    def __eq__(self, other): return True
    __ne__ = lambda self, other: False
    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
    __hash__ = lambda self: 9
    __bool__ = lambda self: True
    __len__ = lambda self: 9
    __iter__ = lambda self: iter([9])
    __float__ = lambda self: 9.0
    __int__ = __index__ = lambda self: 9
    __sub__ = __rsub__ = __abs__ = __add__ = __radd__ = lambda self, *other: self
    __array__ = lambda self, *a, **k: __import__("numpy").array(9)
"""
HIJACK = """
import gc, os, struct, json
end = next(one for one in gc.get_objects() if type(one).__name__ == "Answering")
def send(value, *parts):
    import sys
    sys.modules["inside.frames"].send(end._wire._sock, value, parts)
def raw(data):
    end._wire._sock.sendall(data)
def hijack(answer):
    type(end)._reply = lambda self, thread, question, parts: answer(question, parts)
"""
SUBCLASS = "class Sly({base}):\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n"
FUNCTION = '["function", 1, {"name": "square", "qualname": "square", "parameters": None}]'


def protocol(answer: str, first: str = '{"ok": ' + FUNCTION + "}") -> str:
    """Return a submission that answers with its own messages: the first for the name, then always the other."""
    lines = "\n".join(f"    {line}" for line in answer.splitlines())
    return (
        f"{HIJACK}\nsquare = None\ndef answer(question, parts):\n"
        f"    if question['do'] in ('name', 'forget', 'hello', 'seed'):\n"
        f"        return send({first} if question['do'] == 'name' else {{'ok': None}})\n{lines}\nhijack(answer)"
    )


def returning(value: str, before: str = "") -> str:
    """Return a submission whose function gives always this."""
    return f"{before}\ndef square(x):\n    return {value}"


CLASS = '{"name": "%s", "qualname": "%s", "module": "%s", "builtin": "object", "members": %s, "bases": []}'
ATTACKS = {
    "equal-to-everything": returning("Yes()", ALL_EQUAL),
    "subclass-of-int": returning("Sly(7)", SUBCLASS.format(base="int")),
    "subclass-of-float": returning("Sly(7)", SUBCLASS.format(base="float")),
    "subclass-of-str": returning("Sly('7')", SUBCLASS.format(base="str")),
    "subclass-of-list": returning("Sly([7])", SUBCLASS.format(base="list")),
    "array-of-yes": returning("numpy.array([Yes()], dtype=object)", "import numpy\n" + ALL_EQUAL),
    "subclass-of-array": returning(
        "numpy.zeros(1).view(Sly)", "import numpy\n" + SUBCLASS.format(base="numpy.ndarray")
    ),
    "list-of-yes": returning("[Yes()]", ALL_EQUAL),
    "class-lies": returning(
        "Liar()", ALL_EQUAL + "class Liar(Yes):\n    @property\n    def __class__(self): return int"
    ),
    "not-a-number": returning("float('nan')"),
    "patched-builtins": returning(
        "7", "import builtins\nbuiltins.AssertionError = KeyError\nbuiltins.abs = lambda x: 0"
    ),
    "patched-numpy-testing": "import numpy\nnumpy.testing.assert_allclose = lambda *a, **k: None\n"
    "numpy.allclose = lambda *a, **k: True\n" + returning("7"),
    "patched-helper": "def check(*a): return True\n" + returning("7"),
    "exit": "import os\ndef square(x):\n    os._exit(0)",
    "system-exit": "def square(x):\n    raise SystemExit(0)",
    "keyboard-interrupt": "def square(x):\n    raise KeyboardInterrupt",
    "reads-frames": "import sys\ndef square(x):\n    frame = sys._getframe()\n    found = []\n    while frame:\n"
    "        found += [v for v in frame.f_locals.values() if isinstance(v, str) and 'assert' in v]\n"
    "        frame = frame.f_back\n    return 144 if any('144' in one for one in found) else 0",
    "reads-memory": "import gc\ndef square(x):\n    seen = [one for one in gc.get_objects() if isinstance(one, dict)"
    " and '144' in str(one.get('source', ''))]\n    return 144 if seen else 0",
    "judge-by-callback": "def square(x):\n    return eval(compile('144', '', 'eval')) if False else end.ask("
    "{'do': 'get', 'on': 1, 'name': '__globals__'})\n" + HIJACK,
    "made-up-handle": HIJACK + "def square(x):\n    return end.ask({'do': 'call', 'on': 999})",
    "handle-of-a-kind-of-its-own": HIJACK + "def square(x):\n    return end.ask({'do': 'call', 'on': [1]})",
    "calls-without-end": HIJACK + "def square(x):\n    while True:\n        end.ask({'do': 'next', 'on': 1})",
    "eval-as-answer": "square = eval",
    "module-as-answer": "import os\nsquare = os",
    "code-by-name": protocol('send({"ok": ["global", "os", "system"]})'),
    "pickle": protocol('send({"ok": ["pickle", "gASV"]})'),
    "no-frame": protocol('raw(b"\\xff" * 100)'),
    "announces-gigabytes": protocol('raw(struct.pack(">I", 4_000_000_000))'),
    "parts-of-gigabytes": protocol('t = b\'{"ok": 1, "parts": [99999999999]}\'\nraw(struct.pack(">I", len(t)) + t)'),
    "hundred-megabytes": returning("'x' * 100_000_000"),
    "hundred-megabytes-of-array": returning("numpy.zeros(13_000_000)", "import numpy"),
    "no-json": protocol('raw(struct.pack(">I", 3) + b"abc")'),
    "deep-json": protocol('t = b"[" * 100000\nraw(struct.pack(">I", len(t)) + t)'),
    "deep-value": protocol("v = 1\nfor n in range(300):\n    v = ['tuple', n, [v]]\nsend({'ok': v})"),
    "endless-answers": protocol("while True:\n    send({'do': 'call', 'on': 1})"),
    "answers-before-asked": protocol("for _ in range(1000):\n    send({'ok': 7})"),
    "error-that-is-none": protocol('send({"error": 5})'),
    "error-of-the-judges-kind": protocol('send({"error": ["error", {"builtin": "Refused", "args": []}]})'),
    "error-of-an-object": protocol('send({"error": ["error", {"builtin": "print", "args": []}]})'),
    "too-long-a-number": protocol('t = b\'{"ok": \' + b"9" * 10000 + b"}"\nraw(struct.pack(">I", len(t)) + t)'),
    "array-of-the-wrong-size": protocol('send({"ok": ["array", "s1", ["<f8", [1000000000], 0]]}, b"12345678")'),
    "array-of-negative-size": protocol('send({"ok": ["array", "s1", ["<f8", [-1, -1], 0]]}, b"12345678")'),
    "array-of-objects-by-bytes": protocol('send({"ok": ["array", "s1", ["|O", [1], 0]]}, b"12345678")'),
    "array-of-no-characters": protocol('send({"ok": ["array", "s1", ["<U1", [1], 0]]}, b"\\xff\\xff\\xff\\xff")'),
    "dictionary-without-value": protocol('send({"ok": ["dict", "s1", [1]]})'),
    "unhashable-key": protocol('send({"ok": ["dict", "s1", [["list", "s2", []], 1]]})'),
    "reference-to-nothing": protocol('send({"ok": ["ref", "j99"]})'),
    "names-what-was-not-shared": protocol('send({"ok": ["list", "j99", [9]]})'),
    "class-of-the-judges": protocol('send({"ok": ["instance", "s1", ["Line", {}]]})'),
    "class-with-a-meta": protocol(
        'send({"ok": ["class", 2, %s]})' % (CLASS % ("A", "A", "a", '{"__class_getitem__": 5}'))
    ),
    "says-it-is-an-int": protocol(
        'send({"ok": ["object", 2, ["class", 3, %s], False]})'
        % (CLASS % ("int", "int", "builtins", '{"__eq__": {"kind": "operator"}}'))
    ),
    "operator-as-method": protocol(
        "if question['do'] == 'method':\n    return send({'ok': True})\n"
        + 'send({"ok": ["object", (n := globals().get("n", 1) + 2), ["class", n + 1, %s], False]})'
        % (CLASS % ("A", "A", "a", '{"__eq__": {"kind": "method"}, "__sub__": {"kind": "method"}}'))
        + "\nglobals()['n'] = n"
    ),
    "operator-as-property": protocol(
        'send({"ok": ["object", 2, ["class", 3, %s], False]})'
        % (CLASS % ("A", "A", "a", '{"__getattribute__": {"kind": "operator"}, "__class__": {"kind": "property"}}'))
    ),
    "takes-the-line": protocol(
        'send({"ok": ["object", 2, ["class", 3, %s], False]})'
        % (CLASS % ("A", "A", "a", '{"_aula_line": {"kind": "method"}, "__eq__": {"kind": "operator"}}'))
    ),
    "answers-nobody": protocol('send({"ok": 9, "t": 99})'),
    "answers-a-thread-that-is-none": protocol('send({"ok": 9, "t": [1]})'),
    "handle-twice": protocol(f'send({{"ok": {FUNCTION}}})'),
    "text-that-is-none": protocol('send({"ok": 7, "printed": 5})'),
    "prints-without-end": "def square(x):\n    print('9' * 10_000_000)\n    return 7",
    "changes-answers": "n = [0]\ndef square(x):\n    n[0] += 1\n    return [9, 7][n[0] % 2]",
    "changes-what-it-returned": "kept = []\ndef square(x):\n    kept.append(x)\n    return kept",
}  # fmt: skip
