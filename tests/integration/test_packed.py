"""The user environment as one file: nodes that mount it start servers from it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from deploy import network
from deploy.classroom import packing
from deploy.command import run, succeeds
from deploy.settings import Settings
from deploy.slurm import daemons
from deploy.slurm.layout import Layout
from tests.classroom import Classroom
from tests.integration.person import alone


@contextmanager
def mounted(settings: Settings, packed: packing.Packed) -> Iterator[list[list[str | Path]]]:
    """Mount the image on every node while the block lasts; yield the commands that would take it away again."""
    with ExitStack() as stack:
        away = []
        for node in network.nodes(settings):
            inside = ["nsenter", f"--target={daemons.node(Layout(settings), node).pid()}", "--mount"]
            run([*inside, "mount", "-t", "squashfs", "-o", "loop,ro", packed.image, packed.folder])
            away.append([*inside, "umount", packed.folder])
            stack.callback(succeeds, [*inside, "umount", "--lazy", packed.folder])
        yield away


def test_a_server_starts_from_the_image(classroom: Classroom) -> None:
    """With the image mounted over the environment a server starts and shows its page; it runs from the image."""
    packed = packing.pack(classroom.settings)
    try:
        assert packed.files > 10_000
        with alone(classroom, "deniz") as deniz, mounted(classroom.cluster, packed) as away:
            assert deniz.start()["ready"]
            assert deniz.at_server("lab").status_code == 200
            assert not all(succeeds(words) for words in away), "no server uses the image"
            deniz.stop()
    finally:
        packed.image.unlink()
