"""Any request, in every state and of every size, and what is shown beside it, with any text in it."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from bot.operations.effect import Effect
from bot.operations.line import read_line
from bot.remediation.nouns import (
    ActionList,
    GlassBroken,
    Release,
    RequestBoard,
    RequestEnded,
    RequestList,
    RollbackOffer,
    SwitchBoard,
    Task,
    TaskState,
    Watched,
)
from bot.remediation.plan import Change, Criterion, Plan
from bot.remediation.policy import Policy
from bot.store import decisions, requests, switches
from bot.store.grants import EVERYWHERE
from tests.slack.views.texts import PLATFORMS, channels, ids, moments, short, stamps, texts

STATES = (
    *requests.OPEN,
    *(requests.DONE, requests.FAILED, requests.UNCLEAR, requests.VOID, requests.REHEARSED),
    *(requests.DENIED, requests.WITHDRAWN, requests.EXPIRED),
)
_VERDICTS = (decisions.APPROVED, decisions.DENIED, decisions.WITHDRAWN, decisions.BROKE_GLASS, "unheard-of")
_platforms = st.sampled_from(PLATFORMS)
_spans = st.timedeltas(timedelta(0), timedelta(days=4000))
_numbers = st.integers(1, 10**9)

changes = st.builds(
    Change,
    line=texts,
    target=short,
    effect=st.sampled_from(Effect),
    operation=st.just(read_line("kubectl rollout restart deployment/web").operation),
    before=texts,
    after=texts,
    world=st.dictionaries(short, texts, max_size=2),
    reach=texts,
    undo=texts,
    rehearsal=texts,
    final=st.booleans(),
)
criteria = st.lists(st.builds(Criterion, texts, st.sampled_from([True, False, None]), texts), max_size=20).map(tuple)
tasks = st.builds(Task, title=texts, state=st.sampled_from(TaskState), detail=texts)
_plans = st.builds(Plan, st.lists(changes, max_size=20).map(tuple), criteria)
_policies = st.builds(
    Policy, st.integers(0, 5), st.floats(1, 9999), st.lists(short, max_size=4).map(tuple), st.just("") | short
)
_decisions = st.builds(decisions.Decision, _numbers, ids, st.sampled_from(_VERDICTS), st.none() | texts, moments)
requested = st.builds(
    requests.Request,
    number=_numbers,
    platform=short,
    action=st.none() | short,
    title=texts,
    given=st.just({}),
    reason=st.none() | texts,
    undoes=st.none() | _numbers,
    incident=st.none() | _numbers,
    channel=channels,
    message_ts=st.none() | stamps,
    requested_by=ids,
    requested_at=moments,
    plan=st.none(),
    policy=st.none(),
    expires_at=moments,
    state=st.sampled_from(STATES),
    decided_at=st.none() | moments,
    ended_at=st.none() | moments,
    outcome=st.none() | texts,
    progress=st.none() | st.lists(tasks.map(Task.as_json), max_size=70),
    notes=st.none(),
    version=st.integers(0, 999),
)
boards = st.builds(
    RequestBoard,
    requested,
    _platforms,
    _plans,
    _policies,
    st.lists(_decisions, max_size=15).map(tuple),
    st.none() | _numbers,
)
releases = st.builds(
    Release,
    number=_numbers,
    images=st.lists(texts, max_size=5).map(tuple),
    made_at=moments,
    served=_spans,
    cause=texts,
    proven=st.booleans(),
    running=st.booleans(),
)
_switches = st.builds(
    switches.Switch,
    mode=st.sampled_from([switches.READ_ONLY, switches.DRY_RUN, "unheard-of"]),
    platform=st.sampled_from([EVERYWHERE, "zephyr", "gone"]),
    reason=texts,
    by=ids,
    at=moments,
)


@st.composite
def rollback_offers(draw: st.DrawFn) -> RollbackOffer:
    """Draw the revisions of a service; the proposed one is among them."""
    platform = draw(_platforms)
    found = draw(st.lists(releases, max_size=30, unique_by=lambda release: release.number))
    earlier = [release.number for release in found if not release.running]
    migrations = draw(st.lists(st.sampled_from([*platform.actions, "gone"]), max_size=8, unique=True))
    proposed = draw(st.sampled_from([None, *earlier]))
    return RollbackOffer(platform, draw(short), tuple(found), proposed, draw(criteria), tuple(migrations))


WHOLE: dict[type, st.SearchStrategy[Any]] = {
    RequestBoard: boards,
    RequestList: st.builds(RequestList, st.lists(boards, max_size=4).map(tuple), st.just("") | texts),
    RequestEnded: st.builds(RequestEnded, requested, st.booleans()),
    GlassBroken: st.builds(GlassBroken, requested, _platforms, ids, texts),
    Watched: st.builds(Watched, requested, st.integers(0, 999), texts, st.booleans(), st.booleans()),
    RollbackOffer: rollback_offers(),
    ActionList: st.builds(ActionList, _platforms),
    SwitchBoard: st.builds(
        SwitchBoard, st.lists(_switches, max_size=30).map(tuple), st.just({EVERYWHERE: "Every platform"})
    ),
}
"""Each noun of requests with a strategy."""
