"""What can go wrong, as one tree.

::

    AulaError                    every mistake that a person can mend; the command prints it and ends with 1
    ├── CatalogueError           a course's contract and its folder disagree, or a key is misspelt
    ├── UnknownCourseError       no course of that name
    ├── NotebookError            a MyST text notebook that cannot be read as one
    ├── AuthorError              a course, lesson or assignment that cannot be begun
    ├── ReleaseError             an assignment that cannot be made into a student version
    │   └── LeakError            a student version that would show a solution, a hidden test or an output
    ├── CheckError                   a course that could not be checked, or a rule that does not exist
    │   └── check.quick.StuckError   cells that do not come to an end in one process
    ├── RunError                 notebooks that did not run clean, or a Slurm that refuses
    ├── BookError                a book that could not be built
    ├── PreviewError             a preview that cannot be served
    ├── SiteError                a site.yml that cannot be used
    ├── submissions.errors.HandInError  something that cannot be handed in, or kept, or a receipt that is not ours
    ├── AuditError               an audit log, a gradebook or an anchor that cannot be read or written
    ├── GlanceError              a class that cannot be looked at
    ├── grading.errors.GradingError  work that cannot be graded, or that did not do what it should
    └── people.errors.PeopleError    a mistake about people or course runs
"""


class AulaError(Exception):
    """A mistake that a person can mend; its text names the thing and the remedy."""


class CatalogueError(AulaError):
    """A course's contract and its folder disagree, or a key of the contract is wrong."""


class UnknownCourseError(AulaError):
    """No course has that name."""


class NotebookError(AulaError):
    """A text notebook that cannot be read as one."""


class AuthorError(AulaError):
    """A course, a lesson or an assignment that cannot be begun under this name, or at this place."""


class ReleaseError(AulaError):
    """An assignment that cannot be made into a student version."""


class LeakError(ReleaseError):
    """A student version that would show a solution, a hidden test or an output."""


class CheckError(AulaError):
    """A course that could not be checked, or a rule that does not exist."""


class RunError(AulaError):
    """Notebooks that did not run clean, or a Slurm that does not answer, or refuses."""


class BookError(AulaError):
    """A book that could not be built."""


class PreviewError(AulaError):
    """A preview that cannot be served."""


class SiteError(AulaError):
    """A site.yml that cannot be used."""


class AuditError(AulaError):
    """An audit log, a gradebook or an anchor that cannot be read or written."""


class GlanceError(AulaError):
    """A class that cannot be looked at."""
