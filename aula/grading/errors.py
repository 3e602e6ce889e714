"""What can go wrong with grading; what a submission did wrong is told to whoever handed it in.

::

    GradingError
    ├── SandboxError            this machine does not permit the sandbox, or it ended
    ├── JobsError               job scripts cannot be run here, or Slurm did not do what it should
    ├── UnpassedError           the author's own solution does not pass
    ├── LongerError             its turn is over: it is tried again when nobody waits
    └── SubmissionError         what runs in the sandbox did not do what it should
        ├── ScriptError         a job script that was handed in cannot be run
        ├── EndedError          it ended, by itself or at a limit
        ├── SlowError           it took too long to answer
        └── NonsenseError       its answer cannot be read, or is too large
"""

from aula.errors import AulaError


class GradingError(AulaError):
    """A mistake about grading."""


class UnpassedError(GradingError):
    """The author's own solution does not pass, where tests run apart from it."""

    def __init__(self, assignment: str, lost: list[str], said: str) -> None:
        super().__init__(
            f"assignment '{assignment}': nothing was graded, for the author's own solution does not pass "
            f"{', '.join(lost)}: mend the tests, and release it again:\n{said}"
        )
        self.lost, self.said = lost, said


class SandboxError(GradingError):
    """The machine does not permit the sandbox, or the sandbox has ended; the text says what to ask for."""


class JobsError(GradingError):
    """Job scripts cannot be run here, or Slurm did not do what it should; the text says what to ask for."""


class LongerError(GradingError):
    """A submission needs longer than its turn: it is to be tried again when no others wait."""


class SubmissionError(GradingError):
    """What runs in the sandbox did not do what it should; the text is for whoever handed it in."""


class ScriptError(SubmissionError):
    """A job script cannot be run, or left nothing; the text is for whoever handed it in."""


class EndedError(SubmissionError):
    """It ended: `status` is its exit status, below 0 a signal's number, None where nobody saw it.

    `limit` names the limit that it met: memory, cpu or wall; it is "" where it met none.
    """

    def __init__(self, said: str, status: int | None = None, limit: str = "") -> None:
        super().__init__(said)
        self.status, self.limit = status, limit


class SlowError(SubmissionError):
    """It took too long to answer, and was killed."""


class NonsenseError(SubmissionError):
    """Its answer cannot be read, or is too large; it was killed."""
