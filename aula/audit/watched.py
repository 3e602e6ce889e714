"""Lets what this process changes in a course run's gradebook be logged, as done by the code that grades."""

from pathlib import Path

from aula import gradebook_file
from aula.audit import aula_audit
from aula.grading.engine import engine


def watch(run_dir: Path) -> None:
    """From now on log each change of a mark in its gradebook."""
    aula_audit.gradebook(gradebook_file.path(run_dir), f"aula, engine {engine()}")
