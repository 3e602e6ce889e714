"""What people choose before a start: the form, the same by REST, and what becomes of it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from tornado.web import HTTPError
from traitlets import default, validate

from aula_spawner import form
from aula_spawner.allowance import allowance
from aula_spawner.batch import checked
from aula_spawner.errors import SlurmError, StartError, UnsafeValueError
from aula_spawner.names import safe_server_name
from aula_spawner.offers import Offer, offers
from aula_spawner.options import StartOptions, check_life, checked_options, chosen, options_of_form
from aula_spawner.profiles import USUAL, checked_profiles, visible
from aula_spawner.settings import Settings
from aula_spawner.slurm.profile import Profile, Request
from aula_spawner.slurm.units import megabytes, seconds


class Choice(Settings):
    """The part of a spawner that deals with profiles."""

    log: Any
    user: Any
    orm_spawner: Any
    handler: Any
    user_options: dict[str, Any]
    name: str
    profile = USUAL
    request: Request | None = None
    _refused: HTTPError | None = None
    _looking: asyncio.Future[list[Offer]] | None = None
    _seen: Sequence[Offer] = ()

    @validate("profiles")
    def _profiles_are_right(self, proposal: Any) -> list[Profile]:
        return checked_profiles(proposal.value)

    @property
    def visible_profiles(self) -> tuple[Profile, ...]:
        """The profiles that the owner may have."""
        groups = {group.name for group in self.user.groups} if self.profiles else set()
        return visible(checked_profiles(self.profiles) or [USUAL], groups)

    @property
    def usual(self) -> Request:
        """What a server asks for where its profile says nothing."""
        return checked(
            Request,
            partition=self.partition,
            cores=self.cores,
            memory=self.memory,
            walltime=self.walltime,
            account=self.slurm_account or None,
            environment=self.user_environment or None,
        )

    @property
    def idle_after(self) -> int:
        """Seconds without work after which a server of the chosen profile ends; 0 for never."""
        minutes = self.profile.idle_minutes
        return self.idle_timeout if minutes is None else 60 * minutes

    @default("options_from_form")
    def _options_from_form(self) -> Any:
        return lambda given: options_of_form(given, self.visible_profiles, self.say)

    def options_from_query(self, query_data: Mapping[str, list[str]]) -> dict[str, Any]:
        """Check options in an address; JupyterHub swallows the error here, so it is raised again later."""
        try:
            return options_of_form(query_data, self.visible_profiles, self.say)
        except HTTPError as error:
            self._refused = error
            raise

    async def get_options_form(self) -> str:
        """Return the form, '' where there is nothing to choose.

        Refuse here what `options_from_query` found, where JupyterHub shows it.
        """
        refused, self._refused = self._refused, None
        if refused:
            raise refused
        shown = self.visible_profiles
        chosen(StartOptions(), shown, self.say)
        if len(shown) == 1 and not shown[0].longest:
            return ""
        if self.before_form:
            await self.before_form(self)
        possible = [offer for offer in await self.offers() if offer.possible]
        if not possible:
            raise HTTPError(503, self.say("Slurm has no place for any server now. Tell the operator."))
        return form.render(possible, self._preselected(), self.say)

    def _preselected(self) -> str:
        """Return the name of the profile that the way here speaks for, or that was chosen last."""
        where = self.handler.get_argument("next", "") if self.handler else ""
        found = self.preselect(self, where) if self.preselect and where else None
        return str(found or (self.orm_spawner.user_options or {}).get("profile", ""))

    async def offers(self) -> list[Offer]:
        """Return what the owner may have, with what Slurm says of it now."""
        usual = self.usual
        return await offers(self.cluster).of(
            self.unix_account, [(one, one.request(usual)) for one in self.visible_profiles]
        )

    def smaller_now(self) -> Profile | None:
        """Return a smaller profile that would start now, as far as is known; a look at Slurm goes on meanwhile."""
        if len(self.visible_profiles) > 1 and (self._looking is None or self._looking.done()):
            if self._looking and not self._looking.cancelled() and not self._looking.exception():
                self._seen = self._looking.result()
            self._looking = asyncio.ensure_future(self.offers())
        asked = self.request
        smaller = (one for one in self._seen if one.possible and one.now and asked and _smaller(one.request, asked))
        return next((one.profile for one in smaller), None)

    async def _settle(self) -> None:
        """Fix what this start asks of Slurm. Raise StartError where Slurm would never give it."""
        asked = StartOptions.model_validate(self.user_options or {})
        request = self.profile.request(self.usual)
        if asked.walltime:
            request = request.model_copy(update={"walltime": asked.walltime})
        if self.profiles:
            offer = await offers(self.cluster).offer(self.unix_account, self.profile, request)
            if not offer.possible:
                never = self.say("Slurm never gives you a server of the profile {title}.", title=self.profile.title)
                remedy = self.say("Choose another one, or tell the operator.")
                raise StartError(f"{never} {remedy}")
            request = offer.request
        self.request = request

    async def _stay_within_bounds(self) -> None:
        """Raise StartError where the owner has computed enough for a week. Where nobody can tell, the start goes on."""
        if not self.most_core_hours:
            return
        try:
            used = await allowance(self.cluster).used(self.unix_account)
        except SlurmError as error:
            self.log.warning("The core-hours of %s are not known: %s", self.unix_account, error)
            return
        if used >= self.most_core_hours:
            raise StartError(
                self.say(
                    "You have used {used} core-hours in the last seven days, of {most}. Nothing was started. "
                    "What you used counts for a week: wait, or ask the operator for more.",
                    used=f"{used:.1f}",
                    most=self.most_core_hours,
                )
            )

    @default("apply_user_options")
    def _apply_user_options(self) -> Any:
        return _take_or_forget


def _smaller(one: Request, other: Request) -> bool:
    """Whether a server asks for less than another: of something less, of nothing more."""
    mine, its = ((asks.cores, megabytes(asks.memory), asks.gpus) for asks in (one, other))
    return mine != its and all(a <= b for a, b in zip(mine, its, strict=True))


def _take_or_forget(spawner: Choice, options: Mapping[str, Any]) -> None:
    """Take the options of a start; refuse what is not allowed, and let JupyterHub not keep it for the next start."""
    try:
        safe_server_name(spawner.name)
        asked = checked_options(options, spawner.say)
        spawner.profile = chosen(asked, spawner.visible_profiles, spawner.say)
        if asked.walltime:
            most = spawner.profile.longest or spawner.profile.request(spawner.usual).walltime
            check_life(asked.walltime, seconds(most), spawner.say)
    except (HTTPError, UnsafeValueError) as error:
        spawner.user_options = {}
        spawner.orm_spawner.user_options = {}
        raise error if isinstance(error, HTTPError) else HTTPError(400, str(error)) from error
