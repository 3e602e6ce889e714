"""Runs one command of Slurm's in place of who asked for it, and notes what it answered.

A program of its own: the standard library's Python runs it, under the name of each command.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

NOTES, REAL = "AULA_NOTES", "AULA_REAL_PATH"
"""The variables that name the file of notes, and the PATH on which the real commands are."""


def main() -> int:
    """Do so; return the command's exit status."""
    command, *words = sys.argv[1:]
    path = os.environ[REAL]
    real = shutil.which(command, path=path)
    if real is None:
        sys.stderr.write(f"{command}: there is none on this machine\n")
        return 127
    done = subprocess.run([real, *words], env={**os.environ, "PATH": path}, capture_output=True, text=True)
    note = {
        "command": command,
        "words": words,
        "files": [word for word in words if Path(word).is_file()],
        "stdout": done.stdout,
        "stderr": done.stderr,
        "status": done.returncode % 256,
    }
    with Path(os.environ[NOTES]).open("a", encoding="utf-8") as notes:
        notes.write(json.dumps(note) + "\n")
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    return done.returncode % 256


if __name__ == "__main__":
    sys.exit(main())
