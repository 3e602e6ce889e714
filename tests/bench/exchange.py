"""`make bench BENCH=exchange`: 500 trainees hand in within ten seconds; then release, collect and list of all of it.

Ours are the hand-in service, as a process of its own with the tests' stand-in of a hub, and `aula exchange`; the peers
are nbgrader's commands with its own exchange, which finds the same hand-ins in its folder, as it is usually installed
and without the slow import. What each has collected must be what was sent, by its hash.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from deploy.progress import say
from deploy.settings import CHECKOUT, Settings
from tests.aula.web.hand_in.running import RUN
from tests.bench.hand_ins import TASK, HandIns, digests
from tests.bench.report import OURS, Report
from tests.bench.stock import versions

ROUNDS = 3
STEPS = ("release", "collect", "list")


def benchmark() -> Report:
    """Hand in, then let each contestant do its three steps in turn; return their times in seconds, together."""
    settings = Settings.from_environment()
    with tempfile.TemporaryDirectory(prefix="aula-bench-") as name:
        place = Path(name)
        everybody = HandIns(place)
        everybody.send()
        handed_in = everybody.told
        say(f"  {handed_in}")
        contestants = [Ours(settings, place, everybody)]
        contestants += [Stock(settings, place, everybody, peer) for peer in ("stock", "stock-shimmed")]
        times: dict[str, list[list[float]]] = {one.name: [] for one in contestants}
        right = not handed_in["lost"]
        for turn in range(1, ROUNDS + 1):
            for one in contestants:
                times[one.name].append(one.once())
                right &= one.has_all()
                say(f"  round {turn} of {ROUNDS}   {one.name:<16} {sum(times[one.name][-1]):6.2f} s")
        inside = Inside(settings, place, everybody, "stock-shimmed", "with-ours")
        with_ours = sum(inside.once())
        right &= inside.has_all()
    return Report(
        name="exchange",
        what=f"release, collect and list of {len(everybody.files)} hand-ins",
        unit="s",
        samples={who: [sum(steps) for steps in each] for who, each in times.items()},
        checked=right,
        simulated=True,
        configuration={
            "handing in": handed_in,
            "simulated": "the hub that tells the hand-in service whose a token is",
            "steps, medians in s": {
                who: dict(zip(STEPS, (round(median(step), 3) for step in zip(*each, strict=True)), strict=True))
                for who, each in times.items()
            },
            "nbgrader's commands with our exchange, shimmed, once, in s": round(with_ours, 2),
            "nbgrader": versions(settings.environment("stock")),
        },
    )


class Contestant:
    """Somebody's commands on a course folder of their own, with the assignment that everybody has handed in."""

    name = ""

    def __init__(self, settings: Settings, place: Path, everybody: HandIns, home: str) -> None:
        self.settings, self.everybody = settings, everybody
        self.top = place / home
        self.course = self.top / "runs" / RUN
        shutil.copytree(everybody.given / RUN / "outbound" / TASK, self.course / "release" / TASK)
        self.listed = ""

    @property
    def commands(self) -> Sequence[Sequence[str | Path]]:
        """What a user types for each step."""
        raise NotImplementedError

    @property
    def released(self) -> Path:
        """Where the assignment lies once it is released."""
        raise NotImplementedError

    @property
    def variables(self) -> Mapping[str, str]:
        """What the commands find around them."""
        return {}

    def once(self) -> list[float]:
        """Do all steps, with nothing collected before; return how long each took."""
        shutil.rmtree(self.course / "submitted", ignore_errors=True)
        took = []
        for words in self.commands:
            path = os.pathsep.join([str(Path(words[0]).parent), os.environ.get("PATH", os.defpath)])
            around = {**os.environ, "PATH": path, "HOME": str(self.top), **self.variables}
            began = time.perf_counter()
            ended = subprocess.run(words, cwd=self.course, env=around, check=True, capture_output=True, text=True)
            took.append(time.perf_counter() - began)
            self.listed = ended.stdout + ended.stderr
        return took

    def has_all(self) -> bool:
        """Whether everything was released, collected and listed: what everybody sent, by its hash."""
        given = digests(self.everybody.given / RUN / "outbound" / TASK)
        wanted = {who: digests(place) for who, place in self._handed_in()}
        got = {who: digests(self.course / "submitted" / who / TASK) for who in wanted}
        named = all(who in self.listed for who in self.everybody.files)
        return named and len(wanted) == len(self.everybody.files) and got == wanted and digests(self.released) == given

    def _handed_in(self) -> list[tuple[str, Path]]:
        top = self.everybody.handed_in / RUN
        return [(path.parts[-4], path) for path in top.glob(f"[!.]*/{TASK}/*/files")]


class Ours(Contestant):
    """`aula exchange`."""

    name = OURS

    def __init__(self, settings: Settings, place: Path, everybody: HandIns) -> None:
        """Work beside the service's folder of hand-ins, with a folder of its own for what is given."""
        super().__init__(settings, place, everybody, "ours")
        (self.top / "given" / RUN).mkdir(parents=True)

    @property
    def commands(self) -> Sequence[Sequence[str | Path]]:
        """Its three commands."""
        aula = self.settings.environment("tools") / "bin" / "aula"
        where = [self.course, "--handed-in", self.everybody.handed_in]
        return [
            [aula, "exchange", "release", self.course, TASK, "--force"],
            [aula, "exchange", "collect", *where, TASK],
            [aula, "exchange", "list", *where],
        ]

    @property
    def released(self) -> Path:
        """What trainees are given."""
        return self.top / "given" / RUN / "outbound" / TASK


class Stock(Contestant):
    """nbgrader with its own exchange, a folder that all may write."""

    def __init__(self, settings: Settings, place: Path, everybody: HandIns, peer: str, home: str = "") -> None:
        """Put what was handed in where its exchange has it."""
        super().__init__(settings, place, everybody, home or peer)
        self.name = peer.replace("stock", "nbgrader")
        self._program = settings.environment(peer) / "bin" / "nbgrader"
        (self.course / "nbgrader_config.py").write_text(self._configuration())
        for who, files in self._handed_in():
            stamp = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
            target = self.exchange / RUN / "inbound" / f"{who}+{TASK}+{stamp}+0"
            shutil.copytree(files, target)
            (target / "timestamp.txt").write_text(stamp)
        self.exchange.chmod(0o777)

    def _configuration(self) -> str:
        return (
            f"c = get_config()\nc.CourseDirectory.root = {str(self.course)!r}\nc.CourseDirectory.course_id = {RUN!r}\n"
            f"c.Exchange.root = {str(self.exchange)!r}\nc.ExchangeCollect.check_owner = False\n"
        )

    @property
    def exchange(self) -> Path:
        """Its folder."""
        return self.top / "exchange"

    @property
    def commands(self) -> Sequence[Sequence[str | Path]]:
        """nbgrader's three commands."""
        return [
            [self._program, "release_assignment", TASK, "--force"],
            [self._program, "collect", TASK],
            [self._program, "list", "--inbound"],
        ]

    @property
    def released(self) -> Path:
        """What its exchange gives to trainees."""
        return self.exchange / RUN / "outbound" / TASK


class Inside(Stock):
    """nbgrader's commands with our exchange in the place of its own."""

    def _configuration(self) -> str:
        (self.top / "given" / RUN).mkdir(parents=True)
        handed_in, given = str(self.everybody.handed_in), str(self.top / "given")
        return (
            "from aula_exchange.configuration import of_course_run\n\n"
            f"c = get_config()\nc.CourseDirectory.root = {str(self.course)!r}\nc.CourseDirectory.course_id = {RUN!r}\n"
            f"of_course_run(c, {handed_in!r}, {given!r})\n"
        )

    @property
    def variables(self) -> Mapping[str, str]:
        """Where our exchange is."""
        return {"PYTHONPATH": str(CHECKOUT / "aula" / "web")}

    @property
    def released(self) -> Path:
        """What trainees are given."""
        return self.top / "given" / RUN / "outbound" / TASK
