"""Fixtures of the deployment's tests: a classroom's settings in a temporary folder, and the account we run as."""

import os
import pwd
from pathlib import Path

import pytest

from deploy.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A classroom that would live in a temporary folder; nothing of it is up."""
    return Settings.from_environment(
        {
            "NAME": "unit-test",
            "PREFIX": str(tmp_path / "prefix"),
            "STATE": str(tmp_path / "state"),
            "PORT": "23400",
            "SUBNET": "10.199.199",
        }
    )


@pytest.fixture
def me() -> str:
    """The name of the account that runs the tests."""
    return pwd.getpwuid(os.geteuid()).pw_name
