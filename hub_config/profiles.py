"""Which profile the form begins with for somebody on the way to a course run."""

import re
from typing import Any

from hub_config.roles import instructors_group, trainees_group

_RUN = re.compile(r"/courses/([a-z][a-z0-9-]{0,60})(/|$)")


def of_course(spawner: Any, address: str) -> str | None:
    """Return the name of the first profile that is for the people of the run in an address; None where none is."""
    found = _RUN.search(address)
    if found is None:
        return None
    groups = {trainees_group(found[1]), instructors_group(found[1])}
    return next((one.name for one in spawner.visible_profiles if groups & set(one.groups)), None)
