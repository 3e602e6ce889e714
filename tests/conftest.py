"""Fixtures that every test may use."""

from pathlib import Path

import pytest

from tests.classroom import Classroom

NEEDS_CLUSTER = ("integration", "journey", "hostile", "site", "faults", "operations", "soak")
# What starts kernels, databases and servers, or hashes passwords, by the dozen; whatever starts a hub is slow too.
SLOW = (
    "courses",
    "aula/audit",
    "aula/authoring/test_ready.py",
    "aula/press/test_book.py",
    "aula/press/test_book_assignments.py",
    "aula/press/test_book_lessons.py",
    "aula/press/test_book_pages.py",
    "aula/press/test_book_print.py",
    "aula/press/test_book_status.py",
    "aula/press/test_book_translation.py",
    "aula/preview",
    "aula/recording",
    "aula/release/test_release.py",
    "aula/release/test_released_again.py",
    "aula/run",
    "aula/check/test_slow_rules.py",
    "aula/check/test_quick.py",
    "aula/grading/arrays",
    "aula/grading/repair/test_damages.py",
    "aula/grading/repair/test_graded.py",
    "aula/grading/standing/test_standing.py",
    "aula/grading/test_batch.py",
    "aula/grading/test_sandbox.py",
    "aula/grading/test_box.py",
    "aula/grading/test_contained.py",
    "aula/grading/test_shell.py",
    "aula/grading/test_torch.py",
    "aula/grading/jobs/test_jobs.py",
    "aula/grading/jobs/test_night.py",
    "aula/web/aula_exchange",
    "aula/web/aula_formgrader/test_served.py",
    "aula/web/aula_formgrader/test_shown.py",
    "aula/submissions/test_hostile.py",
    "aula/web/hand_in",
    "aula/web/portal",
    "aula/people/test_accounts.py",
    "aula/people/test_passwords.py",
    "aula/people/test_recoveries.py",
    "aula/people/test_registration.py",
    "aula/test_aula_command.py",
    "deploy/test_databases.py",
    "grading/test_forging.py",
    "grading/test_honest.py",
    "spawners/test_labserver.py",
)


@pytest.fixture(scope="session")
def classroom() -> Classroom:
    """The classroom that make test has brought up on a real Slurm."""
    return Classroom.running()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need the running classroom, and those that `make quick` leaves out."""
    root = Path(__file__).parent
    for item in items:
        path = item.path.relative_to(root)
        if path.parts[0] in NEEDS_CLUSTER:
            item.add_marker(pytest.mark.cluster)
        module = item.getparent(pytest.Module)
        starts_hub = module is not None and "HubDouble" in vars(module.obj)
        if starts_hub or any(path.is_relative_to(one) for one in SLOW):
            item.add_marker(pytest.mark.slow)
