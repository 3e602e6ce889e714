"""A Slurm on this machine that is not ours: its own configuration, its own munge, its own port."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.command import run, succeeds
from tests.integration.person import wait_for

PORT = 16817

CONF = """\
ClusterName=stranger
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={port}
SlurmdPort={node_port}
SlurmUser=root
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
ReturnToService=2
{nodes}
PartitionName=theirs Nodes=ALL Default=YES State=UP
"""


@dataclass(frozen=True)
class OtherSlurm:
    """A controller that runs, and the process that it is."""

    conf: Path
    process: "subprocess.Popen[bytes]"

    def answers(self) -> bool:
        """Whether it is the same process still and answers."""
        return self.process.poll() is None and succeeds(
            ["scontrol", "ping"], env={"SLURM_CONF": str(self.conf)}, timeout=10
        )


@contextmanager
def other_slurm(folder: Path, nodes: Sequence[str]) -> Iterator[OtherSlurm]:
    """Run a Slurm controller and its munge, with nodes of these names that never answer."""
    folder.chmod(0o755)
    (folder / "state").mkdir()
    rows = "\n".join(
        f"NodeName={name} NodeAddr=127.0.0.1 Port={PORT + 10 + n} CPUs=1 State=DOWN" for n, name in enumerate(nodes)
    )
    conf = folder / "slurm.conf"
    conf.write_text(CONF.format(port=PORT, node_port=PORT + 1, folder=folder, nodes=rows))
    key = folder / "munge.key"
    run(["mungekey", "--create", f"--keyfile={key}"])
    daemons = [
        [
            "munged",
            "--foreground",
            "--force",
            f"--key-file={key}",
            f"--socket={folder}/munge.socket",
            f"--pid-file={folder}/munged.pid",
            f"--log-file={folder}/munged.log",
            f"--seed-file={folder}/munge.seed",
        ],
        ["slurmctld", "-D", "-f", str(conf), "-L", str(folder / "slurmctld.log")],
    ]
    started: list[subprocess.Popen[bytes]] = []
    try:
        for words in daemons:
            started.append(subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            wait_for((folder / "munge.socket").exists, "munge's socket is there")
        other = OtherSlurm(conf, started[-1])
        wait_for(other.answers, "the other Slurm answers")
        yield other
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(20)
