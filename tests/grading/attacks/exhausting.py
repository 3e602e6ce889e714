"""Line 15: exhausting what others need. Each is bounded by itself, for the case that nothing else bounds it."""

from tests.grading.hostile import WALL_S, Hostile

SPIN_S = 20 * WALL_S


def _first(name: str, source: str) -> Hostile:
    return Hostile(name, 15, first=source, says_why=True)


ATTACKS = (
    _first(
        "a loop deaf to interrupts",
        "import signal, time\nfor number in range(1, 32):\n    try:\n        signal.signal(number, signal.SIG_IGN)\n"
        f"    except (OSError, ValueError):\n        pass\nend = time.time() + {SPIN_S}\nwhile time.time() < end:\n"
        "    try:\n        pass\n    except BaseException:\n        pass",
    ),
    _first("a loop that Python cannot interrupt", "sum(range(5 * 10**9))"),
    _first("two gigabytes of memory", "kept = [bytearray(2**26) for _ in range(32)]\nimport time\ntime.sleep(1)"),
    _first("300 MB of output", "line = 'x' * 2**20\nfor _ in range(300):\n    print(line)"),
    _first(
        "a hundred thousand outputs",
        "from IPython.display import display\nfor number in range(100_000):\n    display(number)",
    ),
    _first(
        "a file of a gigabyte",
        "with open('large', 'wb') as file:\n    for _ in range(1024):\n        file.write(bytes(2**20))",
    ),
    _first("many small files", "for number in range(200_000):\n    open(f'small-{number}', 'w').close()"),
    _first(
        "300 processes",
        "import os, time\nfor _ in range(300):\n    if os.fork() == 0:\n"
        f"        time.sleep({SPIN_S})\n        os._exit(0)",
    ),
    _first(
        "processes that make processes",
        f"import os, time\nend = time.time() + {WALL_S}\nfor _ in range(8):\n    try:\n        os.fork()\n"
        "    except OSError:\n        pass\nwhile time.time() < end:\n    pass\n",
    ),
    _first(
        "500 threads",
        "import threading, time\nfor _ in range(500):\n"
        f"    threading.Thread(target=time.sleep, args=({SPIN_S},), daemon=True).start()",
    ),
    Hostile(
        "an answer of 400 MB",
        15,
        answers={"smooth": "def smooth(*_):\n    return np.zeros(50_000_000)\n"},
        at_most=1.0,
        says_why=True,
    ),
    Hostile(
        "an answer without a bottom",
        15,
        answers={
            "smooth": "def smooth(*_):\n    deep = []\n    for _ in range(100_000):\n        deep = [deep]\n"
            "    return deep\n"
        },
        says_why=True,
    ),
    Hostile(
        "an answer that holds itself",
        15,
        answers={"smooth": "def smooth(*_):\n    ring = {}\n    ring['ring'] = [ring, ring]\n    return ring\n"},
        says_why=True,
    ),
    Hostile(
        "an answer without an end",
        15,
        answers={"smooth": "import itertools\n\ndef smooth(*_):\n    return itertools.count()\n"},
        says_why=True,
    ),
    Hostile(
        "an answer that grows when it is read",
        15,
        "tables",
        {
            "account": "class Account:\n    def __init__(self, customer):\n        self.customer = customer\n"
            "    def __getattr__(self, name):\n        return Account(name * 2)\n"
        },
        says_why=True,
    ),
)
