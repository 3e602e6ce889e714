"""The reference page of course.yml and its JSON Schema, written from the contract's schema."""

from aula import reference
from aula.course import Contract

START = """# The file course.yml

What a course says about itself, in one file in its folder. Every key is here; an unknown key is an error that names
the nearest valid one. `aula courses` reads the file, and says file, line, key and remedy where something is wrong.
[Write a course](author.md) leads through it.

An editor with YAML support, as JupyterLab's or Visual Studio Code's, completes the keys and marks mistakes while you
type, where the file begins with the line that `aula new course` writes:

```yaml
# yaml-language-server: $schema=../../aula/course.schema.json
```

Where the courses lie in a repository of their own, `aula courses --schema` prints that schema for a file of yours.
"""
SCHEMA = "course.schema.json"
"""The schema's copy for editors, beside this file; a test holds it to the contract."""


def page() -> str:
    """Return the page as Markdown: a table for each part of the file."""
    return reference.page(Contract, START)


def schema() -> str:
    """Return the JSON Schema, as text."""
    return reference.schema(Contract, "course.yml")
