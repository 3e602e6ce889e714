"""`python -m tests.bench NAME…`: run benchmarks against a classroom that is up; `make bench` brings one up for them."""

import sys
from pathlib import Path

from tests.bench import spawn
from tests.classroom import Classroom

BENCHMARKS = {"spawn": spawn.benchmark}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; print and write each one's report."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"There is no benchmark {unknown[0]}. Choose from: {', '.join(BENCHMARKS)}")
        return 1
    classroom = Classroom.running()
    failed = 0
    for name in names or BENCHMARKS:
        report = BENCHMARKS[name](classroom)
        print(f"\n{report.table()}\n\n{report.write(Path('build', 'bench'))}")
        failed += not report.checked
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
