"""The form on which people choose a profile: plain HTML without a script, for the page that the hub puts around it."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from aula_spawner.offers import Offer
from aula_spawner.options import time_field
from aula_spawner.slurm.units import clock, seconds, spoken_size
from aula_spawner.words import Say

HOUR_S = 3600
LIVES_S = (HOUR_S // 2, *(hours * HOUR_S for hours in (1, 2, 4, 8, 12, 24, 48, 96, 168)))
"""What people may choose from, as far as a profile allows it, beside its usual and its longest life."""


def render(offers: Sequence[Offer], preselected: str, say: Say) -> str:
    """Return the form's fields for these offers."""
    names = [offer.profile.name for offer in offers]
    return _template().render(
        choices=[
            {
                "name": offer.profile.name,
                "title": offer.profile.title,
                "description": offer.profile.description,
                "facts": facts(offer, say),
                "outlook": outlook(offer, say),
                "now": offer.now,
                "field": time_field(offer.profile),
                "lives": lives(offer, say),
            }
            for offer in offers
        ],
        preselected=preselected if preselected in names else names[0],
        question=say("Which server do you want?"),
        life=say("It ends by itself after"),
    )


@cache
def _template() -> Template:
    environment = Environment(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(Path(__file__).with_name("form.html.j2").read_text())


def facts(offer: Offer, say: Say) -> list[str]:
    """Return what a server of this offer has, and how long it lives."""
    asks = offer.request
    gpus = f"{asks.gpus} ({asks.gpu_type})" if asks.gpu_type else str(asks.gpus)
    return [
        say("Cores: {number}", number=asks.cores),
        say("Memory: {size}", size=spoken_size(asks.memory)),
        *([say("GPUs: {number}", number=gpus)] if asks.gpus else []),
        say("At most {time}", time=spoken(offer.longest, say)),
    ]


def outlook(offer: Offer, say: Say) -> str:
    """Return how soon a server of this offer would start, as far as Slurm tells."""
    told = []
    if offer.free_nodes is not None:
        told.append(say("Nodes with room for it now: {number}.", number=offer.free_nodes))
    if offer.now:
        told.append(say("It would start at once."))
    elif offer.starts is not None:
        wait = max(60, int((offer.starts - datetime.now()).total_seconds()))
        told.append(say("Slurm expects it to start in {time}.", time=spoken(wait, say)))
    return " ".join(told)


def lives(offer: Offer, say: Say) -> list[dict[str, object]]:
    """Return the lives to choose from, shortest first: Slurm's way to write each, and ours."""
    usual = seconds(offer.request.walltime)
    if not offer.profile.longest:
        return []
    some = sorted({usual, offer.longest, *(one for one in LIVES_S if one < offer.longest)})
    return [{"value": clock(one), "text": spoken(one, say), "usual": one == usual} for one in some]


def spoken(length: int, say: Say) -> str:
    """Return a length of time in seconds as people say it: its two largest parts."""
    days, rest = divmod(length, 24 * HOUR_S)
    hours, minutes = divmod(rest // 60, 60)
    parts = [
        *([say("{days} d", days=days)] if days else []),
        *([say("{hours} h", hours=hours)] if hours else []),
        *([say("{minutes} min", minutes=minutes)] if minutes else []),
    ]
    return " ".join(parts[:2]) or say("{minutes} min", minutes=0)
