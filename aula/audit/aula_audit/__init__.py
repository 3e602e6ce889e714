"""Writes the audit log, wherever a gradebook is written to: in `aula`, in formgrader's server, in nbgrader's commands.

The last two run in environments that have nothing of ours: this folder is copied beside their configuration, and needs
Python's own library and SQLAlchemy.

**Log and gradebook stay together**, whenever a writer is killed, for the gradebook is written first and last:

1. The transaction that changes marks also puts the log's new line into the gradebook, in the one row of `aula_audit`:
   both are there, or neither.
2. The line is added to the log's file.
3. The row is told that the file has it.

So the file never holds more than the gradebook knows, and may lack only what the row still keeps: the next writer adds
that first. What differs in any other way was changed by somebody else.
"""

from .watch import gradebook

__all__ = ["gradebook"]
