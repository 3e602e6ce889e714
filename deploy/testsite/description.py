"""The test site's site.yml, as the centre's staff would write it."""

import json
from pathlib import Path

from deploy.settings import Settings


def document(centre: Settings, shared: Path, certificate: Path, key: Path) -> str:
    """Return site.yml. It is written as JSON, which every reader of YAML takes."""
    site = centre.site
    return json.dumps(
        {
            "public": {
                "address": f"https://{centre.service_address}/",
                "certificate": str(certificate),
                "key": str(key),
            },
            "service_node": {"address": centre.service_address},
            "slurm": {"partitions": {"interactive": site.slurm.interactive, "batch": site.slurm.batch}},
            "folders": {"software": str(shared / "software"), "course": str(shared / "course")},
            "accounts": {"hub": site.hub_account, "course": site.course_account, "people": site.people_group},
            "people": [vars(person) for person in site.people],
        },
        indent=2,
    )
