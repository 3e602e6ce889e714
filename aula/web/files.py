"""The built book as a web service: files of one folder, and nothing else."""

import argparse
import asyncio
import re
import signal
import sys
from pathlib import Path
from urllib.parse import quote

from tornado.web import Application, HTTPError, RedirectHandler, RequestHandler, StaticFileHandler

# The theme has scripts and styles in its pages; nothing may come from, or go to, another host.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
ONE_YEAR_S = 365 * 24 * 3600
NOT_FOUND = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Page not found</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ background: Canvas; color: CanvasText; font: 1.1rem/1.6 system-ui, sans-serif; margin: 20vh auto;
    max-width: 32rem; padding: 0 1.5rem; }}
  a {{ background: #0b5fa5; border-radius: 8px; color: #fff; display: inline-block; font-weight: 600;
    padding: .5rem 1rem; text-decoration: none; }}
</style>
<h1>There is no such page</h1>
<p>The book has changed, or the address has a typing error.</p>
<p><a href="{prefix}">Go to the start page</a></p>
</html>
"""


class Page(RequestHandler):
    """What every answer has in common: safe headers, and a page for what is not there."""

    def set_default_headers(self) -> None:
        """Keep browsers from guessing, and pages from loading anything from elsewhere."""
        self.clear_header("Server")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("Content-Security-Policy", POLICY)

    def write_error(self, status_code: int, **_details: object) -> None:
        """Answer every error with a short page that leads back."""
        if status_code in (403, 404):
            self.set_status(404)
            self.finish(NOT_FOUND.format(prefix=quote(self.settings["prefix"])))
        else:
            self.finish(f"{status_code}: only GET and HEAD of the book's pages work here\n")


class Missing(Page):
    """Everything outside the book's path."""

    def prepare(self) -> None:
        """Answer that it is not there."""
        raise HTTPError(404)


class BookFile(Page, StaticFileHandler):
    """One file of the book: no listing, no dot files, nothing outside the folder."""

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """Refuse dot files, and names that none can have; tornado refuses what leads out of the folder."""
        if "\0" in self.path or any(part.startswith(".") for part in Path(self.path).parts):
            raise HTTPError(404)
        return super().validate_absolute_path(root, absolute_path)

    def compute_etag(self) -> str | None:
        """Tell versions of a file apart by time and size: tornado remembers contents until it ends."""
        state = Path(self.absolute_path or "").stat()
        return f'"{state.st_mtime_ns:x}-{state.st_size:x}"'

    def get_cache_time(self, path: str, modified: object, mime_type: str) -> int:  # noqa: ARG002 - tornado's signature
        """Let browsers keep what bears its content's mark in its address; all else they ask for again."""
        return ONE_YEAR_S if self.get_argument("v", "") else 0

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002 - tornado's signature
        """Say that what may change must be asked for, which costs one short answer."""
        if not self.get_argument("v", ""):
            self.set_header("Cache-Control", "no-cache")


def application(directory: Path, prefix: str) -> Application:
    """Return the service: the folder's files under prefix, which starts and ends with a slash."""
    files = {"path": str(directory), "default_filename": "index.html"}
    return Application(
        [
            (re.escape(prefix.rstrip("/")), RedirectHandler, {"url": prefix, "permanent": False}),
            (re.escape(prefix) + "(.*)", BookFile, files),
        ],
        default_handler_class=Missing,
        compress_response=True,
        prefix=prefix,
    )


async def serve(options: argparse.Namespace) -> None:
    """Serve until the process is told to end."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):  # before it listens: who can reach it can also end it
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    server = application(options.directory, options.prefix).listen(options.port, options.bind)
    await ended.wait()
    server.stop()
    await server.close_all_connections()


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    command = argparse.ArgumentParser(prog="python -m aula.web.files", description="Serve the built book.")
    command.add_argument("--port", type=int, required=True, help="port to listen on")
    command.add_argument("--directory", type=Path, required=True, help="the folder that `aula book` wrote")
    command.add_argument("--prefix", default="/services/book/", help="path of the book (default: %(default)s)")
    command.add_argument("--bind", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    return command


def main(arguments: list[str] | None = None) -> int:
    """Run the service; return the exit status."""
    options = parser().parse_args(arguments)
    if not (options.prefix.startswith("/") and options.prefix.endswith("/") and len(options.prefix) > 1):
        print(f"--prefix {options.prefix}: must start and end with a slash, as /services/book/", file=sys.stderr)
        return 2
    if not (options.directory / "index.html").is_file():
        print(f"{options.directory}: holds no book yet: build it with `aula book`", file=sys.stderr)
    try:
        asyncio.run(serve(options))
    except (OSError, OverflowError) as error:
        print(f"cannot listen on {options.bind} port {options.port}: {error}: choose another", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
