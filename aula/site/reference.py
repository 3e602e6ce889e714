"""The reference page of site.yml, written from its schema."""

from aula import reference
from aula.site.schema import Site

START = """# The file site.yml

What a centre tells Aula about itself, in one file. Every key is here; an unknown key is an error that names the
nearest valid one. Try the file, and the site behind it, with `aula site check site.yml`.

Folders and files are absolute paths of letters, digits and `._-`.
"""


def page() -> str:
    """Return the page as Markdown: a table for each part of the file."""
    return reference.page(Site, START)
