"""`python -m tests.bench NAME…`: run benchmarks; `make bench` brings up a classroom for those that need one."""

import sys
from pathlib import Path

from tests.bench import crowd, exchange, grade, internal_tls, notebooks, poll, portal, spawn, storm
from tests.classroom import Classroom

BENCHMARKS = {
    "spawn": lambda: spawn.benchmark(Classroom.running()),
    "internal-tls": lambda: internal_tls.benchmark(Classroom.running()),
    "crowd": lambda: crowd.benchmark(Classroom.running()),
    "portal": portal.benchmark,
    "notebooks": notebooks.benchmark,
    "grade": grade.benchmark,
    "exchange": exchange.benchmark,
    "poll": poll.benchmark,
    "poll-cluster": lambda: poll.benchmark_on(Classroom.running()),
    "storm": storm.benchmark,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; print and write each one's report."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"There is no benchmark {unknown[0]}. Choose from: {', '.join(BENCHMARKS)}")
        return 1
    failed = 0
    for name in names or BENCHMARKS:
        report = BENCHMARKS[name]()
        print(f"\n{report.table()}\n\n{report.write(Path('build', 'bench'))}")
        failed += not report.checked
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
