"""What a site may set in its configuration, and a hook before each start: AulaSpawner's traits."""

from functools import cached_property
from pathlib import Path

from traitlets import Any, Dict, Float, HasTraits, Integer, List, Unicode, default

from aula_spawner.cluster import Cluster
from aula_spawner.slurm.squeue import FORMAT
from aula_spawner.words import Say, speaker, untranslated


class Settings(HasTraits):
    """The settings of a server and of the Slurm that its job runs on."""

    start_timeout = Integer(1800, help="Seconds a start may take, waiting in the queue included.").tag(config=True)
    answer_timeout = Integer(
        120, help="Seconds that a server may take from the moment its job runs until it listens."
    ).tag(config=True)
    cores = Integer(1, help="Cores of a server's job, 1 to 1024.").tag(config=True)
    memory = Unicode("1G", help="Memory of a server's job: a number and M, G or T, as in 1G.").tag(config=True)
    walltime = Unicode(
        "2:00:00", help="Longest life of a server, [days-]hours:minutes:seconds; then Slurm ends it."
    ).tag(config=True)
    idle_timeout = Integer(
        0,
        min=0,
        help="Seconds without work after which a server ends, after a warning; 0 for never. Work is a kernel that "
        "computes, a program in a terminal, a document that is saved. A page that is only open is none.",
    ).tag(config=True)
    most_core_hours = Integer(
        0,
        min=0,
        help="Core-hours of the last seven days, by Slurm's accounting and of all jobs of the owner's account, from "
        "which on no server starts; 0 for no bound. Needs a sudo rule for sacct.",
    ).tag(config=True)
    partition = Unicode("interactive", help="Partition in which servers run.").tag(config=True)
    profiles = List(
        Any(),
        help="Kinds of servers that people choose from, as dictionaries with the keys of "
        "aula_spawner.slurm.profile.Profile: name, title, and of cores, memory, walltime, partition and so on those "
        "that differ from every server's. The first is the default. Default: one kind, and no form.",
    ).tag(config=True)
    preselect = Any(
        None,
        help="A callable that takes the spawner and the address to which its owner is on the way, and returns the name "
        "of the profile that the form begins with; None for the one that was chosen last.",
    ).tag(config=True)
    before_form = Any(
        None,
        help="A coroutine function that takes the spawner before its form is shown, as `pre_spawn_hook` does before a "
        "start: it may set `unix_account`, or raise an error that the person reads instead.",
    ).tag(config=True)
    user_environment = Unicode(
        help="Folder of the Python environment, seen by the nodes, that holds jupyterhub and jupyterlab. "
        "Trainees must be able to read and execute it and must not be able to write it."
    ).tag(config=True)
    unix_account = Unicode(
        help="The Unix account that the server belongs to; Slurm's commands run in its name. "
        "Default: the person's name at the hub. A hook that runs before the start may set another."
    )
    slurm_account = Unicode(help="Slurm's account that a server's job counts for. Default: the owner's own.").tag(
        config=True
    )
    lessons = List(
        Unicode(),
        help="Folders whose content a start copies to ~/courses/<the folder's name>, replacing nothing. "
        "Each folder's name has small letters, digits and hyphens only.",
    ).tag(config=True)
    kernel_paths = List(
        Unicode(),
        help="Folders, seen by the nodes, in whose `kernels` a server looks for kernels first. "
        "Nobody can add one from within a server's own environment.",
    ).tag(config=True)
    jupyter_config_dir = Unicode(
        "/nonexistent", help="The site's Jupyter configuration; it takes the place of ~/.jupyter."
    ).tag(config=True)
    slurm_conf = Unicode(help="Path of slurm.conf, if Slurm does not find it by itself.").tag(config=True)
    slurm_bin = Unicode("/usr/bin", help="Folder of sbatch, squeue, scancel, scontrol, sinfo and sacct.").tag(
        config=True
    )
    sudo = Unicode("/usr/bin/sudo", help="The sudo that runs sbatch and scancel as the trainee.").tag(config=True)
    singleuser_script = Unicode(
        help="File that starts the server inside the job; nodes must see it. Default: the package's."
    ).tag(config=True)
    language = Unicode(
        help="Language of the owner, as es: what they read while the server starts, and what JupyterLab starts in "
        "until they choose another there. Default: English."
    ).tag(config=True)
    find_language = Any(
        None, help="A callable that takes the spawner and returns its language; it is asked at each start."
    ).tag(config=True)
    translate = Any(
        untranslated,
        help="A callable that takes a language and an English template with named values in braces, and returns "
        "the template in that language. Default: English for all.",
    ).tag(config=True)
    lab_locales = Dict(
        help="For each language the locale of JupyterLab's language pack in the user environment, as es: es_ES."
    ).tag(config=True)
    watch_interval = Float(
        0.5,
        help="Seconds between two looks at the queue while somebody waits. One squeue serves all servers of the hub.",
    ).tag(config=True)
    jobs_command = List(
        Unicode(),
        help="A command, word by word, that lists every job as "
        f"`squeue --noheader --states=all --format={FORMAT!r}` does. Needed only where Slurm hides people's jobs from "
        "the hub (PrivateData): without it the hub asks squeue in each owner's name there. "
        "Default: squeue, as the hub itself.",
    ).tag(config=True)
    heartbeat_interval = Float(
        4.0,
        help="Seconds between two knocks at a running server: one connection, closed at once. 0: the hub knocks at "
        "none, and learns from Slurm alone that a node is down, minutes later (SlurmdTimeout).",
    ).tag(config=True)
    heartbeat_patience = Float(
        16.0,
        help="Seconds for which the node of a server may be silent, while other nodes are heard, before the server is "
        "taken to be gone and its job is cancelled. Where no other node is heard either, nobody is dropped.",
    ).tag(config=True)
    command_timeout = Float(30.0, help="Seconds to wait for one command of Slurm.").tag(config=True)

    @property
    def say(self) -> Say:
        """What puts a sentence into the owner's language."""
        return speaker(self.translate, self.language)

    @cached_property
    def cluster(self) -> Cluster:
        """The Slurm that the settings name."""
        return Cluster(self.slurm_bin, self.sudo, self.slurm_conf, self.command_timeout, tuple(self.jobs_command))

    @default("singleuser_script")
    def _singleuser_script_default(self) -> str:
        return str(Path(__file__).with_name("singleuser.py"))
