"""What ends a test without a verdict: something came, or was asked for, that the judge does not take."""


class Refused(BaseException):
    """The judge does not decide: its text says why. No Exception, so that no test can take it for one."""


class UnsendableError(TypeError):
    """A value cannot go to the other process: its text says which, and what to do."""
