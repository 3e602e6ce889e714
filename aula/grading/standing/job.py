"""The program of the standing job: ``python -m aula.grading.standing.job RUN_DIR HANDED_IN GIVEN``, until it is ended.

RUN_DIR is the course run's folder, HANDED_IN and GIVEN are the run's folders of the hand-in service.
"""

import os
import sys
import time
from pathlib import Path

from aula import kernel
from aula.grading.standing.standing import LOOKS_S, Standing


def main() -> None:
    """Answer what is handed in, for ever."""
    run_dir, handed_in, given = map(Path, sys.argv[1:])
    os.umask(0o027)  # the service reads, by the group that new folders have from the one above them
    with kernel.settled(Path(sys.executable).parent), Standing(run_dir, handed_in, given, _say) as standing:
        while True:
            standing.look()
            time.sleep(LOOKS_S)


def _say(text: str) -> None:
    print(f"{time.strftime('%F %T')} {text}", flush=True)


if __name__ == "__main__":
    main()
