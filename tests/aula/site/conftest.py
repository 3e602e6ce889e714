"""The site that tests check: the example's."""

from pathlib import Path

import pytest

from aula import yaml_file
from aula.errors import SiteError
from aula.site.schema import Site

EXAMPLE = Path(__file__).parents[3] / "hub_config" / "site.example.yml"


@pytest.fixture
def site() -> Site:
    """The site of the example."""
    return yaml_file.read(EXAMPLE, Site, SiteError)
