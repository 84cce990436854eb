"""Going through a procedure: begin, look, settle, end. Of two clicks at once one counts, and both see what it did."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.access import audit
from bot.access.audit import Record
from bot.access.roles import Rights, Role
from bot.diagnosis.board import Board
from bot.diagnosis.diagnosis import Diagnosis
from bot.diagnosis.finding import Finding, Level
from bot.errors import BadInput, Conflict, SlackRefused
from bot.runbooks.platform import Platform
from bot.runbooks.platforms import Platforms
from bot.runbooks.probes import Probe
from bot.runbooks.procedures import Procedure
from bot.store import timeline, walkthroughs
from bot.store.database import Store
from bot.store.timeline import Entry
from bot.store.walkthroughs import DONE, FAILED, OPEN, RUNNING, SKIPPED, Start, Step, Walkthrough
from bot.walkthroughs.by_hand import by_hand
from bot.walkthroughs.nouns import ProcedureList, WalkthroughBoard
from bot.walkthroughs.steps import ACTION, PROBE, entry_of, steps_of

_LISTED = 10
_AT_REST = (OPEN, DONE, SKIPPED, FAILED)
_UNSETTLED = (OPEN, FAILED, RUNNING)
_LOST = timedelta(minutes=1)
"""A look that has not come back for so long after its time limit never will, and anybody may begin it again."""
_FOR_ONE = "Shown to the one who ran it alone."
_BY_HAND = "Do it by hand, then press Done, or press Skip."
_SHUT_OUT = {"not_in_channel", "channel_not_found"}
_DRAWN_AGAIN = 5
"""How often a message is drawn anew while others keep changing what it shows; the last of them draws it too."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who does something, when, and by which request: what is repeated under the same one is recorded once."""

    by: str
    at: datetime
    request: str


class Walkthroughs:
    """All walkthroughs, and what people do in them."""

    def __init__(self, store: Store, platforms: Platforms, diagnosis: Diagnosis, board: Board) -> None:
        self._store, self._platforms = store, platforms
        self._diagnosis, self._board = diagnosis, board

    async def listed(self, platform: Platform) -> ProcedureList:
        """Return a platform's procedures, with the walkthroughs that go on."""
        async with self._store.read() as connection:
            going = await walkthroughs.still_open(connection, [platform.name], _LISTED)
        return ProcedureList(platform, tuple(going))

    async def begin(self, start: Start, platform: Platform, procedure: Procedure) -> None:
        """Begin a walkthrough and show it in its channel. Raises Conflict where Opsroom cannot write."""
        async with self._store.begin() as connection:
            begun = await walkthroughs.start(connection, start, steps_of(platform, procedure))
        try:
            ts = await self._board.post(_key(begun.number), begun.channel, WalkthroughBoard(begun, platform))
        except SlackRefused as refused:
            async with self._store.begin() as connection:
                await walkthroughs.end(connection, begun.number, start.started_by, start.started_at)
            if refused.code not in _SHUT_OUT:
                raise
            raise Conflict("I cannot write here. Invite me to this channel, then start it again.") from None
        async with self._store.begin() as connection:
            await walkthroughs.shown_at(connection, begun.number, ts)
            if begun.incident is not None:
                entry = Entry(start.origin, start.started_at, "runbook", f"Started {begun.title}", start.started_by)
                await timeline.record(connection, begun.incident, entry)
        await self._show(begun.number)  # somebody may have pressed a button before it was known where it is shown

    async def find(self, number: int, rights: Rights, within: float | None = None) -> WalkthroughBoard:
        """Return a walkthrough in which the person may do something; the store has `within` seconds for it.

        Raises BadInput when there is none of that number, NotAllowed when the role does not reach that far.
        """
        async with self._store.read(within) as connection:
            found = await walkthroughs.by_number(connection, number)
        if found is None:
            raise BadInput(f"There is no walkthrough WALK-{number}. /runbook list shows those that go on.")
        rights.require(Role.RESPONDER, found.platform)
        platform = self._platforms.get(found.platform)
        if platform is None:
            raise BadInput(f"The platform {found.platform} of {found.ref} is no longer in the runbooks.")
        return WalkthroughBoard(found, platform)

    def probe(self, board: WalkthroughBoard, position: int) -> Probe:
        """Return what a step looks at. Raises BadInput when it is no step to look at."""
        step = _step(board.walkthrough, position)
        probe = entry_of(board.platform, board.walkthrough, step)
        if isinstance(probe, Probe) and probe.run:
            return probe
        if step.kind == PROBE:
            raise BadInput(f"The runbook has changed: it no longer says how to look at step {position}. {_BY_HAND}")
        how = f"ask for it with /run {board.platform.name} {step.name}" if step.kind == ACTION else "do it by hand"
        raise BadInput(f"Step {position} is nothing that Opsroom can look at: {how}, then press Done.")

    async def look(self, board: WalkthroughBoard, position: int, given: Mapping[str, str], hand: Hand) -> Finding:
        """Run the probe of a step, keep what it found and return it. Raises Conflict when somebody else is at it.

        Of what is restricted nothing is kept but how bad it is. A look that a crash cut off is begun again; one that
        never came back can be begun by anybody.
        """
        walkthrough, probe, step = board.walkthrough, self.probe(board, position), _step(board.walkthrough, position)
        taken_over = _Turn((RUNNING,), step.at) if _is_free(step, probe, board.platform, hand) else _Turn(_AT_REST)
        begun = {"state": RUNNING, "level": None, "outcome": None, "note": None, **_whose(hand)}
        await self._change(walkthrough.number, position, taken_over, begun)
        await self._show(walkthrough.number)
        (found,) = await self._diagnosis.run(board.platform, (probe,), {**walkthrough.given, **given})
        state = FAILED if found.level is Level.UNKNOWN else DONE
        outcome = _FOR_ONE if probe.restricted and found.output is not None else found.sentence
        ended = {"state": state, "level": found.level.word, "outcome": outcome}
        said = f"{found.title}: {outcome}"
        try:
            await self._change(walkthrough.number, position, _Turn((RUNNING,), hand.at), ended, hand, said)
        finally:
            await self._show(walkthrough.number)
        return found

    async def settle(self, board: WalkthroughBoard, position: int, state: str, note: str, hand: Hand) -> None:
        """Note that a step is done or skipped. Raises Conflict when somebody was faster."""
        walkthrough, step = board.walkthrough, _step(board.walkthrough, position)
        behind = f" ({note})" if note else ""
        said = f"{walkthrough.title}, step {position} {state}: {step.title}{behind}"
        changes = {"state": state, "note": note or None, **_whose(hand)}
        try:
            done = by_hand(board.platform, walkthrough, step, note, hand.by, hand.at) if state == DONE else None
            await self._change(walkthrough.number, position, _Turn(_UNSETTLED), changes, hand, said, done)
        finally:
            await self._show(walkthrough.number)

    async def end(self, board: WalkthroughBoard, hand: Hand) -> None:
        """End a walkthrough; steps that are open stay so."""
        number, incident = board.walkthrough.number, board.walkthrough.incident
        async with self._store.begin() as connection:
            if await walkthroughs.end(connection, number, hand.by, hand.at) and incident is not None:
                entry = Entry(hand.request, hand.at, "runbook", f"Ended {board.walkthrough.title}", hand.by)
                await timeline.record(connection, incident, entry)
        await self._show(number)

    async def _change(
        self,
        number: int,
        position: int,
        turn: "_Turn",
        changes: Mapping[str, Any],
        hand: Hand | None = None,
        said: str = "",
        done: Record | None = None,
    ) -> None:
        """Change a step and write it into the timeline, and into the audit log what was `done`, in one transaction.

        Raises Conflict when it changed before.
        """
        async with self._store.begin() as connection:
            changed = await walkthroughs.change(connection, number, position, turn.states, turn.since, **changes)
            now = await walkthroughs.by_number(connection, number)
            if changed and hand and now and now.incident is not None:
                await timeline.record(connection, now.incident, Entry(hand.request, hand.at, "step", said, hand.by))
            if changed and done:
                await audit.append(connection, done)
        if not changed and now and not _is_own(now.step(position), changes):
            raise Conflict(_why_not(now, position))

    async def _show(self, number: int) -> None:
        """Draw the message anew until it shows the newest: others may change a step while it is being drawn."""
        shown = -1
        for _ in range(_DRAWN_AGAIN):
            async with self._store.read() as connection:
                now = await walkthroughs.by_number(connection, number)
            platform = self._platforms.get(now.platform) if now else None
            if now is None or platform is None or now.message_ts is None or now.version == shown:
                return
            shown = now.version
            await self._board.edit(_key(number), now.channel, now.message_ts, WalkthroughBoard(now, platform))


@dataclass(frozen=True, slots=True)
class _Turn:
    """Whose turn it is to change a step: it is in one of these states, since that moment if one is given."""

    states: Collection[str]
    since: datetime | None = None


def _is_free(step: Step, probe: Probe, platform: Platform, hand: Hand) -> bool:
    """Tell whether a look that is under way is this very one, or one that nobody hears of any more."""
    if step.state != RUNNING or step.at is None:
        return False
    limits = [probe.time_limit] if probe.time_limit else [each.probe_time_limit for each in platform.targets.values()]
    return (step.by, step.at) == (hand.by, hand.at) or hand.at - step.at > max(limits, default=_LOST) + _LOST


def _step(walkthrough: Walkthrough, position: int) -> Step:
    step = walkthrough.step(position)
    if step is None:
        raise BadInput(f"{walkthrough.ref} has no step {position}; it has {len(walkthrough.steps)}.")
    return step


def _whose(hand: Hand) -> dict[str, Any]:
    return {"by": hand.by, "at": hand.at}


def _is_own(step: Step | None, changes: Mapping[str, Any]) -> bool:
    """Tell whether a step is already as this very change would make it: the request was repeated after a crash."""
    return step is not None and all(getattr(step, name) == value for name, value in changes.items())


def _why_not(walkthrough: Walkthrough, position: int) -> str:
    if walkthrough.ended_at is not None:
        return f"{walkthrough.ref} has ended."
    step = _step(walkthrough, position)
    if step.state == RUNNING:
        return f"Somebody is looking at step {position} right now. If nothing comes of it, try again in some minutes."
    return f"Step {position} is {step.state} already."


def _key(number: int) -> str:
    return f"walkthrough:{number}"
