"""The program of the standing job: ``python -m aula.grading.standing.job RUN_DIR EXCHANGE``, until it is ended.

RUN_DIR is the course run's folder, EXCHANGE the run's folder in nbgrader's exchange.
"""

import sys
import time
from pathlib import Path

from aula import kernel
from aula.grading.standing.standing import LOOKS_S, Standing


def main() -> None:
    """Answer what is handed in, for ever."""
    run_dir, exchange = map(Path, sys.argv[1:])
    with kernel.settled(Path(sys.executable).parent), Standing(run_dir, exchange, _say) as standing:
        while True:
            standing.look()
            time.sleep(LOOKS_S)


def _say(text: str) -> None:
    print(f"{time.strftime('%F %T')} {text}", flush=True)


if __name__ == "__main__":
    main()
