"""Rolling back: which releases of a service there are, which one to go back to, and whether there is reason to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import BadInput, TargetRefused
from bot.nearest import hint
from bot.operations.backend import Limits
from bot.operations.kubernetes.changes import Undo
from bot.operations.kubernetes.nouns import History
from bot.operations.line import read_line
from bot.operations.operation import Hole
from bot.remediation.nouns import Release, RollbackOffer
from bot.remediation.plan import Criterion
from bot.remediation.planning import told_when_away
from bot.remediation.ports import Changers
from bot.remediation.verifying import Verifying
from bot.runbooks.actions import Action
from bot.runbooks.deeds import EffectWord
from bot.runbooks.platform import Platform
from bot.wallclock import Clock

PROVEN = timedelta(minutes=30)
"""A release that served for so long has proven itself: the longest that any of the runbooks watches one."""
_LOOK = Limits(seconds=10.0)
_MIGRATION = "migrat"


@dataclass(frozen=True, slots=True)
class Service:
    """A service that the runbooks can roll back: the action that does it, and what that undoes, where."""

    name: str
    action: Action
    operation: Undo
    target: str


class RollingBack:
    """Finds out what going back would mean."""

    def __init__(self, changers: Changers, verifying: Verifying, clock: Clock) -> None:
        self._changers, self._verifying, self._clock = changers, verifying, clock

    async def offer(self, platform: Platform, service: Service) -> RollbackOffer:
        """Return a service's releases and the reasons to go back. Raises TargetError when it cannot be asked."""
        releases = await self._releases(platform, service)
        proposed = next((each.number for each in releases if each.proven and not each.running), None)
        criteria = await self.criteria(platform, service.name)
        return RollbackOffer(platform, service.name, releases, proposed, criteria, migrations_of(platform))

    async def criteria(self, platform: Platform, service: str) -> tuple[Criterion, ...]:
        """Return the reasons to go back that the platform names for a service, and whether each is met now."""
        written = platform.rollback.services if platform.rollback else {}
        named = written.get(service) or [each for several in written.values() for each in several]
        return await self._verifying.criteria(platform, named)

    async def _releases(self, platform: Platform, service: Service) -> tuple[Release, ...]:
        """Return the releases of a service, the newest first."""
        undo = service.operation
        history = History(thing=undo.thing, namespace=undo.namespace)
        with told_when_away():
            output = await self._changers.ask(platform, history, service.target, _LOOK)
        if output.table is None or not output.table.rows:
            raise TargetRefused(f"{service.name} has no releases that the cluster remembers.")
        return releases_in(output.table.rows, self._clock.now())


def releases_in(rows: Sequence[Sequence[str]], now: datetime) -> tuple[Release, ...]:
    """Return the releases of a history (number, images, made at, cause), the newest first; its newest one runs.

    The cluster does not write down how long each served: until the next one was made, at the most. One whose successor
    is older than itself was rolled back from, and has not proven anything.
    """
    ordered = sorted(rows, key=lambda row: -int(row[0]))
    ends = [now, *(datetime.fromisoformat(row[2]) for row in ordered)]
    return tuple(
        _release(row, until, running=at == 0) for at, (row, until) in enumerate(zip(ordered, ends, strict=False))
    )


def _release(row: Sequence[str], until: datetime, *, running: bool) -> Release:
    number, images, made, cause = row
    made_at = datetime.fromisoformat(made)
    served = max(until - made_at, timedelta())
    said = "" if cause == "<none>" else cause
    return Release(int(number), tuple(images.split(",")), made_at, served, said, served >= PROVEN, running)


def services_of(platform: Platform) -> Mapping[str, Service]:
    """Return the services that a platform's actions can roll back, by name; the one of its rollback rules first."""
    first = platform.rollback.action if platform.rollback else None
    actions = sorted(platform.actions.values(), key=lambda action: action.name != first)
    found: dict[str, Service] = {}
    for action in actions:
        for line in action.run:
            if isinstance(line.operation, Undo) and len(action.run) == 1:
                target = platform.target_for(line.operation, action.target)
                found.setdefault(
                    line.operation.thing.name, Service(line.operation.thing.name, action, line.operation, target.name)
                )
    return found


def service_named(platform: Platform, name: str | None) -> Service:
    """Return the service of this name, or the platform's first. Raises BadInput when there is none."""
    known = services_of(platform)
    if not known:
        other = platform.rollback.action if platform.rollback else None
        how = f" /run {platform.name} {other} does it there." if other else ""
        raise BadInput(f"No service of {platform.title} is rolled back in the cluster.{how}")
    if name is None:
        return next(iter(known.values()))
    if name in known:
        return known[name]
    raise BadInput(
        f"{platform.title} has no service “{name}” that can be rolled back; {_ended(hint(name, list(known)))}"
    )


def _ended(clause: str) -> str:
    """Return a clause that ends as a sentence does."""
    return clause if clause.endswith("?") else f"{clause}."


def to_revision(platform: Platform, service: Service, revision: int) -> Action:
    """Return the action that takes a service back to one revision, verified like the runbook's own."""
    line, programs = service.action.run[0], platform.programs
    asked = getattr(line.operation, "revision", None)
    if isinstance(asked, Hole):
        line = read_line(line.text, {asked.name: str(revision)}, programs)
    else:
        line = read_line(f"{line.text} --to-revision={revision}", programs=programs)
    title = f"Roll {service.name} back to revision {revision}"
    copy = service.action.model_copy(update={"title": title, "run": (line,), "parameters": {}})
    copy._name = service.action.name
    return copy


def migrations_of(platform: Platform) -> tuple[str, ...]:
    """Return the names of the actions that take the database's schema back: they destroy, and are asked for apart."""
    known: Sequence[Action] = [action for action in platform.actions.values() if action.run]
    return tuple(
        action.name
        for action in known
        if action.stated_effect is EffectWord.DESTROY and _MIGRATION in action.name and _goes_back(action)
    )


def _goes_back(action: Action) -> bool:
    return any("down" in line.text or "rollback" in line.text for line in action.run)
