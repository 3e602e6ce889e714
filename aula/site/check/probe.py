"""What the check runs in a job on a node. It imports Python's own library alone and prints one JSON object.

usage: probe.py HOST PORT PYTHON TOOLS FOLDER... ; it knocks at HOST:PORT, opens a port of its own, and waits there for
a knock.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time

PATIENCE = 20
# Makes a key and keeps it in memory, as a server does with internal TLS.
KEY = """
import os
from cryptography.hazmat.primitives.asymmetric import ec
ec.generate_private_key(ec.SECP256R1())
handle = os.memfd_create("aula")
open("/proc/%d/fd/%d" % (os.getpid(), handle)).close()
print("made")
"""
SANDBOX = "from aula.grading.sandbox import possible; print(possible() or 'possible')"


def main(host: str, port: str, python: str, tools: str, *folders: str) -> None:
    """Print what this node sees: its time, its folders, the hub's port, and the port on which it waits."""
    waiting = socket.socket()
    waiting.bind(("", 0))
    waiting.listen(1)
    waiting.settimeout(PATIENCE)
    seen = {
        "node": os.environ.get("SLURMD_NODENAME", socket.gethostname()),
        "time": time.time(),
        "folders": {folder: os.access(folder, os.R_OK | os.X_OK) for folder in folders},
        "writes": {folder: os.access(folder, os.W_OK) for folder in folders},
        "python": _version(python),
        "key": _said(python, KEY),
        "sandbox": _said(tools, SANDBOX),
        "hub": _reach(host, int(port)),
        "port": waiting.getsockname()[1],
        "home": os.access(os.path.expanduser("~"), os.W_OK),  # noqa: PTH111  a node's Python may be old
    }
    sys.stdout.write(json.dumps(seen) + "\n")
    sys.stdout.flush()
    try:
        connection, _ = waiting.accept()
        connection.close()
    except OSError:
        pass


def _version(python: str) -> str:
    if not shutil.which(python):
        return ""
    try:
        return subprocess.check_output([python, "-V"], universal_newlines=True, timeout=20).strip()
    except (OSError, subprocess.SubprocessError) as error:
        return "error: " + str(error)


def _said(python: str, program: str) -> str:
    """What a program says with that Python."""
    if not shutil.which(python):
        return ""
    try:
        return subprocess.check_output([python, "-I", "-c", program], universal_newlines=True, timeout=20).strip()
    except (OSError, subprocess.SubprocessError) as error:
        return "error: " + str(error)


def _reach(host: str, port: int) -> str:
    try:
        socket.create_connection((host, port), timeout=10).close()
    except OSError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    main(*sys.argv[1:])
