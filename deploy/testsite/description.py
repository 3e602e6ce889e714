"""The test site's site.yml, as the centre's staff would write it."""

import json
from pathlib import Path

from deploy import network
from deploy.settings import Settings

# A centre is asked for an account for each course run that goes on at a time.
RUNS = 3


def document(centre: Settings, shared: Path, certificate: Path, key: Path) -> str:
    """Return site.yml. It is written as JSON, which every reader of YAML takes."""
    site = centre.site
    return json.dumps(
        {
            "public": {
                "address": f"https://{network.public_name(centre)}/",
                "subdomains": True,
                "certificate": str(certificate),
                "key": str(key),
            },
            "service_node": {"address": centre.service_address},
            "slurm": {"partitions": {"interactive": site.slurm.interactive, "batch": site.slurm.batch}},
            "profiles": list(site.profiles),
            "folders": {"software": str(shared / "software"), "course": str(shared / "course")},
            "accounts": {
                "hub": site.hub_account,
                "course": site.course_account,
                "portal": site.portal_account,
                "hand_in": site.hand_in_account,
                "people": site.people_group,
                "pool": list(site.pool),
                "runs": list(site.run_accounts[:RUNS]),
            },
        },
        indent=2,
    )
