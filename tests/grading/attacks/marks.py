"""Line 13: marks lie within 0 and the cell's points, and whatever goes wrong is 0 with a reason."""

from tests.grading.hostile import WALL_S, Hostile

CONTAINED = "os.path.exists('@ROOT@') or os.getpid() > 100 or "
"""Goes on only where the planted files are out of sight and processes are counted anew: nothing else could be hit."""
AREA = "def degree_hours(*_):\n"


def _ends(name: str, body: str) -> Hostile:
    """An answer that ends its process, or tries to, when a test calls it."""
    return Hostile(
        name, 13, answers={"smooth": f"import os, signal, sys\n\ndef smooth(*_):\n    {body}\n"}, says_why=True
    )


ATTACKS = (
    _ends("leaves the process", "os._exit(0)"),
    _ends("asks to exit", "sys.exit(0)"),
    _ends("kills itself", "os.kill(os.getpid(), signal.SIGKILL)"),
    _ends("kills everybody it can", f"{CONTAINED}os.kill(-1, signal.SIGKILL)"),
    _ends("kills its parent", f"{CONTAINED}os.kill(os.getppid(), signal.SIGKILL)"),
    _ends("stops itself", "os.kill(os.getpid(), signal.SIGSTOP)"),
    _ends("reads a null pointer", "import ctypes; ctypes.string_at(0)"),
    _ends("never comes back", f"import time; time.sleep({20 * WALL_S})"),
    _ends("closes all descriptors", "os.closerange(0, 1024)"),
    Hostile("leaves the process before any test", 13, first="import os\nos._exit(0)", says_why=True),
    Hostile("no number", 13, answers={"degree-hours": f"{AREA}    return float('nan')\n"}, at_most=1.0),
    Hostile("an endless number", 13, answers={"degree-hours": f"{AREA}    return float('inf')\n"}, at_most=1.0),
    Hostile("a number of a million digits", 13, answers={"degree-hours": f"{AREA}    return 10**1_000_000\n"}),
    Hostile("a negative number", 13, answers={"degree-hours": f"{AREA}    return -1e308\n"}, at_most=1.0),
    Hostile(
        "a truth that counts for more",
        13,
        answers={
            "degree-hours": "class Much(int):\n    def __bool__(self):\n        return True\n"
            f"    def __radd__(self, other):\n        return 10**9\n\n{AREA}    return Much(1)\n"
        },
    ),
)
