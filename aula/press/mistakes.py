"""Where readers report a mistake on a page: the address, as `site.yml` or the command has it."""

from pydantic import TypeAdapter, ValidationError

from aula.errors import BookError
from aula.site.schema import Mistakes

PAGE = "{page}"


def link(address: str | None) -> str:
    """Return the link with {page} in it; nothing without an address. Raises BookError where it is neither kind."""
    if address is None:
        return ""
    try:
        TypeAdapter(Mistakes).validate_python(address)
    except ValidationError as error:
        raise BookError(
            f"{address}: is no address for mistakes: write a mail address, or a web address in which {PAGE} stands "
            f"for the page, as https://git.example.org/book/issues/new?title={PAGE}"
        ) from error
    return address if PAGE in address else f"mailto:{address}?subject={PAGE}"
