"""An environment of notebooks as one file. Nodes that mount it read that file, where a start would read thousands."""

from dataclasses import dataclass
from pathlib import Path

from deploy import packages
from deploy.command import run
from deploy.environments import IMAGE
from deploy.errors import DeployError
from deploy.settings import Settings


@dataclass(frozen=True)
class Packed:
    """An image, the folder that it is to be mounted on, and how many files are in it."""

    image: Path
    folder: Path
    files: int


def pack(settings: Settings, name: str = "user") -> Packed:
    """Write an environment into an image beside it; one that nodes have mounted meanwhile stays as it is."""
    folder = settings.environment(name)
    if not folder.is_dir():
        raise DeployError(f"{folder} is not there yet. Install the class first: make install")
    packages.ensure(packages.PACKING)
    image = folder.with_name(folder.name + IMAGE)
    fresh = image.with_suffix(".new")
    words = ["-noappend", "-quiet", "-no-progress", "-all-root", "-comp", "zstd", "-Xcompression-level", "3"]
    try:
        run(["mksquashfs", folder, fresh, *words], timeout=1800, remedy="Is there room for it?")
        fresh.chmod(0o644)
        fresh.rename(image)
    finally:
        fresh.unlink(missing_ok=True)
    return Packed(image, folder, sum(path.is_file() for path in folder.rglob("*")))
