"""Line 14: reaching out of the sandbox, and printing what is found."""

from tests.grading.hostile import Hostile

READ = "from pathlib import Path\nprint(Path('{}').read_text())"
TRIED = "def tried(do):\n    try:\n        print(do())\n    except Exception as error:\n        print(error)\n"


def _first(name: str, source: str) -> Hostile:
    return Hostile(name, 14, first=source)


ATTACKS = (
    _first("reads the gradebook", READ.format("@GRADEBOOK@")),
    _first("writes into the gradebook", "open('@GRADEBOOK@', 'a').write('100')"),
    _first("reads the author's version", READ.format("@SOURCE@")),
    _first("reads a neighbour's work", READ.format("@NEIGHBOUR@")),
    _first("reads the configuration", READ.format("@CONFIGURATION@")),
    _first("reads a token in a home", READ.format("@TOKEN@")),
    _first("prints the environment", "import os\nprint(dict(os.environ))\nprint(os.environ.get('@VARIABLE@'))"),
    _first(
        "reads the environment of every process",
        f"{TRIED}import glob\nfor path in glob.glob('/proc/[0-9]*/environ') + glob.glob('/proc/[0-9]*/cmdline'):\n"
        "    tried(lambda: open(path, 'rb').read())",
    ),
    _first(
        "climbs through the roots of other processes",
        f"{TRIED}import glob\nfor root in glob.glob('/proc/[0-9]*/root') + glob.glob('/proc/[0-9]*/cwd'):\n"
        "    tried(lambda: open(root + '@TOKEN@').read())",
    ),
    _first(
        "follows open descriptors",
        f"{TRIED}import os\nfor number in os.listdir('/proc/self/fd'):\n"
        "    tried(lambda: os.readlink(f'/proc/self/fd/{number}'))\n"
        "    for up in ('..', '../..', '../../..'):\n"
        "        tried(lambda: os.listdir(f'/proc/self/fd/{number}/{up}'))\n"
        "        tried(lambda: open(f'/proc/self/fd/{number}/{up}@TOKEN@').read())",
    ),
    _first(
        "searches for planted words",
        "import os\nfor place, folders, files in os.walk('/'):\n"
        "    folders[:] = [] if place.startswith(('/proc', '/sys', '/usr')) else folders\n    for name in files:\n"
        "        try:\n            text = open(os.path.join(place, name), 'rb').read(4096)\n        except OSError:\n"
        "            continue\n        if b'planted-' in text:\n            print(place, name, text)",
    ),
    _first(
        "links to a secret beside its work",
        "import os\nos.symlink('@TOKEN@', 'mine.txt')\nprint(open('mine.txt').read())",
    ),
    _first(
        "connects to this machine",
        "import socket\nfor host in ('127.0.0.1', '::1', 'localhost', '0.0.0.0'):\n    try:\n"
        "        socket.create_connection((host, @PORT@), timeout=1).sendall(b'here')\n        print('connected')\n"
        "    except OSError as error:\n        print(error)",
    ),
    _first(
        "tries every socket file",
        "import glob, socket\n"
        "for path in glob.glob('/run/**/*', recursive=True) + glob.glob('/tmp/**/*', recursive=True) + ['\\0aula']:\n"
        "    try:\n        socket.socket(socket.AF_UNIX).connect(path)\n        print('connected', path)\n"
        "    except OSError:\n        pass",
    ),
    _first("asks a shell", "!cat @TOKEN@ @GRADEBOOK@; env; id; ls -la @ROOT@"),
    _first(
        "becomes somebody else",
        f"{TRIED}import os\ntried(lambda: os.setuid(0))\ntried(lambda: os.setgroups([0]))\n"
        "tried(lambda: open('@TOKEN@').read())\n!sudo -n cat @TOKEN@",
    ),
    _first(
        "makes namespaces of its own and mounts",
        "!unshare --user --map-root-user --mount sh -c 'mount -t proc proc /proc; mount --bind / /mnt; "
        "cat /mnt@TOKEN@'",
    ),
    Hostile(
        "sends what it finds as an error's message",
        14,
        answers={
            "smooth": "def smooth(*_):\n    raise ValueError(open('@TOKEN@').read() + open('@GRADEBOOK@').read())\n"
        },
    ),
    Hostile(
        "opens a secret in the test's process",
        14,
        answers={
            "degree-hours": "class Path2(str):\n    def __fspath__(self):\n        return '@TOKEN@'\n\n"
            "def degree_hours(*_):\n    return Path2('@TOKEN@')\n"
        },
    ),
    _first(
        "leaves something for the next one",
        "import os\nfor place in ('/tmp', '/var/tmp', '/dev/shm', os.path.expanduser('~'), '@ROOT@'):\n    try:\n"
        "        open(f'{place}/planted-trace', 'w').write('planted-trace')\n    except OSError:\n        pass\n"
        "import sysconfig\ntry:\n    open(sysconfig.get_path('purelib') + '/sitecustomize.py', 'w').write('')\n"
        "except OSError:\n    pass",
    ),
)
