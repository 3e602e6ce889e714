"""Slurm's configuration files, rendered from their templates."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.settings import Settings
from deploy.slurm import configuration
from deploy.slurm.layout import Layout

FILES = ("slurm.conf", "cgroup.conf", "slurmdbd.conf")


def rendered(settings: Settings, name: str) -> str:
    """Return a configuration file as it would be written."""
    return configuration._render(name, configuration._values(Layout(settings)))


@pytest.mark.parametrize("name", FILES)
def test_every_value_is_filled_in(settings: Settings, name: str) -> None:
    """No placeholder of a template is left, and each line of a file is a comment or KEY=VALUE."""
    text = rendered(settings, name)
    assert "$" not in text
    assert all(re.match(r"(#.*|[A-Za-z]+=\S.*)?$", line) for line in text.splitlines())


@pytest.mark.parametrize(
    "line",
    [
        "ClusterName=unit_test",
        "SlurmctldHost=unit-test-head(10.199.199.1)",
        "SlurmctldPort=23417",
        "AccountingStoragePort=23419",
        "SlurmUser=slurm",
        "MpiDefault=pmix",
        "ProctrackType=proctrack/cgroup",
        "TaskPlugin=task/cgroup",
        "AccountingStorageEnforce=associations,limits",
        "PrivateData=jobs,usage,users,accounts",
    ],
)
def test_slurm_conf_says(settings: Settings, line: str) -> None:
    """slurm.conf holds the lines on which isolation, accounting and addresses stand."""
    assert line in rendered(settings, "slurm.conf").splitlines()


def test_the_accounting_daemon_hides_people_too(settings: Settings) -> None:
    """slurmdbd answers sacct, so it needs the same privacy as the controller."""
    assert "PrivateData=jobs,usage,users,accounts" in rendered(settings, "slurmdbd.conf").splitlines()


@pytest.mark.parametrize("nodes", [2, 5, 9])
def test_every_node_is_described_and_in_both_partitions(settings: Settings, nodes: int) -> None:
    """Each node has a line with its address, and `interactive`, the default, and `batch` span all nodes."""
    lines = rendered(replace(settings, nodes=nodes), "slurm.conf").splitlines()
    names = [f"unit-test-node{n}" for n in range(1, nodes + 1)]
    described = [line for line in lines if line.startswith("NodeName=")]
    assert [line.split()[:2] for line in described] == [
        [f"NodeName={name}", f"NodeAddr=10.199.199.{10 + n}"] for n, name in enumerate(names, 1)
    ]
    assert all(re.search(rf" CPUs={configuration.CPUS} RealMemory=[1-9]\d+ ", line) for line in described)
    partitions = [line.split() for line in lines if line.startswith("PartitionName=")]
    assert [words[:2] for words in partitions] == [
        ["PartitionName=interactive", f"Nodes={','.join(names)}"],
        ["PartitionName=batch", f"Nodes={','.join(names)}"],
    ]
    assert ["Default=YES" in words for words in partitions] == [True, False]


def test_control_groups_are_those_of_this_machine(settings: Settings) -> None:
    """The version of control groups is the one that holds the memory controller here, and both limits are on."""
    version = "v1" if Path("/sys/fs/cgroup/memory").is_dir() else "v2"
    lines = rendered(settings, "cgroup.conf").splitlines()
    assert {f"CgroupPlugin=cgroup/{version}", "ConstrainCores=yes", "ConstrainRAMSpace=yes"} <= set(lines)


def test_the_nodes_do_not_promise_more_memory_than_there_is(settings: Settings) -> None:
    """All nodes together leave memory for hub, database and controller."""
    text = rendered(replace(settings, nodes=9), "slurm.conf")
    promised = sum(int(number) for number in re.findall(r"RealMemory=(\d+)", text))
    total = int(re.findall(r"MemTotal: +(\d+) kB", Path("/proc/meminfo").read_text())[0]) // 1024
    assert promised < total
