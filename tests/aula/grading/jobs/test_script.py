"""The check of job scripts: what is permitted is read, all else is refused with the line and what helps."""

import pytest

from aula.course import JobScript
from aula.grading.errors import ScriptError
from aula.grading.jobs.script import Asked, check

BOUNDS = JobScript(leaves=("result.json",), nodes=2, tasks=4, cores=4, memory_mb=200, minutes=2)
SCRIPT = """\
#!/bin/bash
#SBATCH --job-name=night
#SBATCH --nodes=2
#SBATCH --ntasks=4
#SBATCH --mem=100M
#SBATCH --time=00:01:00
#SBATCH --output=night-%j.out

srun hostname
"""


def script(*orders: str) -> bytes:
    """Return a script with these options."""
    return "\n".join(["#!/bin/bash", *(f"#SBATCH {order}" for order in orders), "srun hostname", ""]).encode()


def test_what_is_asked_for_is_read() -> None:
    """Each permitted option has its value, and sbatch is asked with options that we have written ourselves."""
    asked = check(SCRIPT.encode(), BOUNDS)
    assert asked == Asked(2, 4, 1, 100, 60, None, "night", "night-%j.out")
    options = ["--job-name=night", "--nodes=2", "--ntasks=4", "--cpus-per-task=1", "--mem=100M", "--time=00:01:00"]
    assert asked.options() == options


@pytest.mark.parametrize(
    ("order", "asked"),
    [
        ("-N2", Asked(2, 2, 1, 200, 120)),
        ("-N 2 -n 3", Asked(2, 3, 1, 200, 120)),
        ("--nodes 2 --ntasks-per-node=2", Asked(2, 4, 1, 200, 120, 2)),
        ("-c4", Asked(1, 1, 4, 200, 120)),
        ("--mem=0.1G", None),
        ("--mem=102400K", Asked(1, 1, 1, 100, 120)),
        ("--mem=50", Asked(1, 1, 1, 50, 120)),
        ('-t "1" # a minute', Asked(1, 1, 1, 200, 60)),
        ("-t 0-00:02", Asked(1, 1, 1, 200, 120)),
        ("--error=night.err", Asked(1, 1, 1, 200, 120)),
    ],
)
def test_options_are_written_in_slurms_ways(order: str, asked: Asked | None) -> None:
    """Short and long, with or without '=', several on a line, with a comment; what is left out is as the bounds say."""
    if asked is None:
        with pytest.raises(ScriptError):
            check(script(order), BOUNDS)
    else:
        assert check(script(order), BOUNDS) == asked


@pytest.mark.parametrize(
    "order",
    [
        *("--partition=gpu", "-p gpu", "--account=other", "-A other", "--qos=high", "--uid=root", "--gid=0", "-D/srv"),
        *("--chdir=/srv", "--export=ALL", "--get-user-env", "--nodelist=n1", "-w n1", "--exclusive", "--gres=gpu:1"),
        *("--array=1-9", "--dependency=afterok:1", "--mail-user=x@y", "--wrap=id", "--signal=B:USR1", "--requeue"),
        *("--reservation=x", "--begin=now+1hour", "--input=/etc/shadow", "-i/etc/shadow", "--propagate", "hostname"),
        *("--ntask=4", "--open-mode=append", "--bb=x", "--hold", "--licenses=x", "--tmp=1G", "--comment=x", "-"),
    ],
)
def test_other_options_are_refused(order: str) -> None:
    """Whatever is not on the list is refused, with its line, abbreviations too."""
    with pytest.raises(ScriptError, match=r"line 2: the option .* is not permitted here: take it out"):
        check(script(order), BOUNDS)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("--nodes=3", "3 nodes: ask for 2 at most"),
        ("--ntasks=5", "5 tasks: ask for 4"),
        ("-n 4 -c 2", "8 cores, all tasks together: ask for 4"),
        ("--mem=1G", "1024 MB of memory: ask for 200"),
        ("--time=3", "3 minutes: ask for 2"),
        ("--time=1-0", "1440 minutes"),
        ("-N2 -n1", "1 tasks on 2 nodes"),
        ("-N1 --ntasks-per-node=1 -n2", "2 tasks on 1 nodes with 1 on each"),
        ("--nodes=0", "whole number from 1 on"),
        ("--nodes=1-2", "whole number from 1 on"),
        ("--nodes=2k", "whole number from 1 on"),
        ("--ntasks=-1", "whole number from 1 on"),
        ("--ntasks=٣", "whole number from 1 on"),
        ("--ntasks=99999999999", "whole number from 1 on"),
        ("--mem=0", "write a number and M or G"),
        ("--mem=lots", "write a number and M or G"),
        ("--time=UNLIMITED", "write it as 00:02:00"),
        ("--time=0", "write it as 00:02:00"),
        ("--time=soon", "write it as 00:02:00"),
        ("--output=/etc/passwd", "job's own folder"),
        ("--output=../out", "job's own folder"),
        ("-o a/b", "job's own folder"),
        ("--error=|id", "job's own folder"),
        ("--job-name=$(id)", "letters, digits"),
        ("--job-name='a b'", "letters, digits"),
        ("--nodes", "says no value"),
        ("--job-name='night", "quote is not closed"),
        ("--nodes=2 \\", "does not go on"),
        ("", "without an option"),
    ],
)
def test_values_have_bounds(order: str, said: str) -> None:
    """What is more than the assignment permits, or is no value at all, is refused with what would do."""
    with pytest.raises(ScriptError, match=said.replace("(", r"\(")):
        check(script(order), BOUNDS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "does not begin with '#!'"),
        (b"\n#!/bin/bash\n", "does not begin with '#!'"),
        (b"\xef\xbb\xbf#!/bin/bash\n", "does not begin with '#!'"),
        (b"#!/bin/bash\r\nhostname\r\n", "line 1 of job.sh holds a carriage return"),
        (b"#!/bin/bash\nhostname\0\n", "line 2 of job.sh holds a NUL"),
        (b"#!/bin/bash\n\n# \xe9t\xe9\n", "line 3 of job.sh is not UTF-8"),
        (b"#!/bin/bash\n" + b"#" * 10_000_000, "over 64 kB"),
        (b"#!/bin/bash\nhostname\n#SBATCH --nodes=2\n", "line 3: Slurm ignores"),
        (b"#!/bin/bash\n# SBATCH --nodes=2\n", "line 2: Slurm does not see"),
        (b"#!/bin/bash\n#Sbatch --nodes=2\n", "line 2: Slurm does not see"),
        (b"#!/bin/bash\n #SBATCH --nodes=2\n", "line 2: Slurm does not see"),
    ],
    ids=["empty", "late", "mark", "windows", "nul", "latin", "10 MB", "after", "space", "small", "indented"],
)
def test_what_is_no_script_is_refused(text: bytes, said: str) -> None:
    """Another encoding, Windows line ends, 10 MB, and lines that Slurm would not see: each with the line."""
    with pytest.raises(ScriptError, match=said):
        check(text, BOUNDS)


def test_the_last_word_on_an_option_counts() -> None:
    """An option that stands twice has the value of the later line, as with sbatch."""
    assert check(script("--nodes=1", "--nodes=2"), BOUNDS).nodes == 2


def test_a_complaint_is_short() -> None:
    """A line of a thousand letters is not told whole."""
    with pytest.raises(ScriptError) as error:
        check(script("--" + "x" * 1000), BOUNDS)
    assert len(str(error.value)) < 400
