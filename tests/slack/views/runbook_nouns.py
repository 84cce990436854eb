"""Any report, table and walkthrough, with any text in it: of procedures of all sizes, in every state."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from bot.diagnosis.finding import Finding, Level
from bot.diagnosis.report import Evidence, Inquiry, report_of
from bot.operations.output import Table
from bot.runbooks.platform import Platform
from bot.runbooks.procedures import Procedure
from bot.store.walkthroughs import DONE, FAILED, OPEN, RUNNING, SKIPPED, Step, Walkthrough
from bot.walkthroughs.steps import steps_of
from tests.slack.views.texts import PLATFORMS, channels, ids, moments, short, stamps, texts

findings = st.builds(
    Finding,
    probe=short,
    title=texts,
    level=st.sampled_from(Level),
    sentence=texts,
    value=texts,
    threshold=short,
    target=short,
    output=st.none(),
    seconds=st.floats(0, 99),
)
_with_procedures = st.sampled_from([platform for platform in PLATFORMS if platform.procedures] or PLATFORMS)


@st.composite
def inquiries(draw: st.DrawFn) -> Inquiry:
    """Draw what somebody wants to know of a platform: a procedure, a probe, or its first look."""
    platform: Platform = draw(_with_procedures)
    subjects = [None, *platform.procedures.values(), *platform.probes.values()]
    return Inquiry(
        key=draw(short),
        platform=platform,
        subject=draw(st.sampled_from(subjects)),
        given=draw(st.dictionaries(st.from_regex(r"[a-z]{1,20}", fullmatch=True), texts, max_size=5)),
        by=draw(st.none() | ids),
        at=draw(moments),
        channel=draw(channels),
    )


@st.composite
def reports(draw: st.DrawFn) -> Any:
    """Draw a report: of the inquiry's probes some are found out, and others are known by their names alone."""
    inquiry = draw(inquiries())
    probes = draw(st.lists(st.sampled_from(inquiry.probes), max_size=60)) if inquiry.probes else []
    known = [Finding(probe.name, probe.title, draw(st.sampled_from(Level)), draw(texts)) for probe in probes]
    return report_of(inquiry, [*draw(st.lists(findings, max_size=60)), *known], draw(st.floats(0, 9999)))


def _cells(width: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.text(max_size=100), min_size=width, max_size=width).map(tuple)


tables = st.integers(1, 10).flatmap(
    lambda width: st.builds(
        Evidence,
        title=texts,
        table=st.builds(Table, columns=_cells(width), rows=st.lists(_cells(width), max_size=9).map(tuple)),
        left_out=st.sampled_from(["", "12 more rows and 3 more columns"]),
    )
)


@st.composite
def walkthroughs(draw: st.DrawFn, platform: Platform) -> Walkthrough:
    """Draw a walkthrough of one of a platform's procedures, or of one that is no longer there."""
    procedure: Procedure | None = draw(st.sampled_from([*platform.procedures.values(), None]))
    written = steps_of(platform, procedure) if procedure else tuple(draw(st.lists(_steps, max_size=60)))
    steps = tuple(replace(step, position=at, **draw(_states)) for at, step in enumerate(written, start=1))
    return Walkthrough(
        number=draw(st.integers(1, 10**9)),
        platform=platform.name,
        procedure=draw(short),
        title=draw(texts),
        incident=draw(st.none() | st.integers(1, 9)),
        channel=draw(channels),
        message_ts=draw(st.none() | stamps),
        given={},
        started_by=draw(ids),
        started_at=draw(moments),
        ended_by=draw(st.none() | ids),
        ended_at=draw(st.none() | moments),
        version=draw(st.integers(0, 99)),
        steps=steps,
    )


_states: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "state": st.sampled_from([OPEN, RUNNING, DONE, SKIPPED, FAILED]),
        "by": st.none() | ids,
        "at": st.none() | moments,
        "level": st.none() | st.sampled_from(["ok", "critical", "warning", "unknown", "odd"]),
        "outcome": st.none() | texts,
        "note": st.none() | texts,
    }
)
_steps = st.builds(
    Step,
    position=st.just(1),
    part=st.sampled_from(["diagnose", "resolve", "follow-up", "other"]),
    kind=st.sampled_from(["probe", "action", "procedure", "human", "opsroom"]),
    name=short,
    title=texts,
)
