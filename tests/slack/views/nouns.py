"""Any noun that a view can be asked to show, with any text in it."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from bot.access.audit import AuditPage, Wanted
from bot.access.audit import Entry as AuditEntry
from bot.diagnosis.report import Evidence, Excerpt, Report
from bot.incidents import nouns
from bot.slack.views.render import VIEWS
from bot.store.audit import as_text, canonical
from bot.store.incidents import ENDED, OPEN, Incident
from bot.store.timeline import Entry
from bot.store.troubles import Trouble
from bot.verbs.replies import Button, Choice, Field, FieldKind, Form, HelpPage, Refused, Said, VerbHelp
from bot.walkthroughs.nouns import ProcedureList, ProcedurePage, WalkthroughBoard
from tests.slack.views import request_nouns, runbook_nouns
from tests.slack.views.texts import PLATFORMS, channels, ids, moments, short, stamps, texts

incidents = st.builds(
    Incident,
    number=st.integers(1, 10**9),
    origin=short,
    platform=st.sampled_from([platform.name for platform in PLATFORMS]),
    severity=st.sampled_from(["P0", "P1", "1", "Critical", "gone"]),
    rank=st.integers(0, 9),
    title=texts,
    summary=texts,
    status=st.sampled_from([*OPEN, *ENDED]),
    declared_by=ids,
    declared_at=moments,
    declared_in=channels,
    reply_to=st.none(),
    acknowledged_by=st.none() | ids,
    acknowledged_at=st.none() | moments,
    channel_name=st.none() | short,
    channel_id=st.none() | channels,
    header_ts=st.none() | stamps,
)
troubles = st.builds(
    Trouble,
    incident=st.integers(1, 10**9),
    part=st.sampled_from(["pin", "channel", "announcement", "unheard-of"]),
    reason=texts,
    tries=st.integers(1, 99),
    at=moments,
    mended_at=st.none(),
)
entries = st.builds(Entry, key=short, at=moments, kind=short, text=texts, by=st.none() | ids)
platforms = st.sampled_from(PLATFORMS)
named = {"incident": incidents, "platform": platforms}
audit_entries = st.builds(
    AuditEntry,
    number=st.integers(1, 10**9),
    at=moments.map(as_text) | short,
    actor=ids | short,
    action=short,
    platform=st.none() | short,
    subject=ids | texts,
    details=st.dictionaries(short, texts | st.integers() | st.lists(texts, max_size=3)).map(canonical) | texts,
    previous=short,
    hash=short,
)
verbs_help = st.builds(VerbHelp, usage=short, summary=texts, details=texts)
buttons = st.builds(
    Button,
    label=texts,
    path=st.just("incident ack"),
    text=st.text(max_size=300),
    style=st.none(),
    confirm=st.just("") | texts,
)

PIECES: dict[str, st.SearchStrategy[Any]] = {
    **named,
    "trouble": troubles,
    "inside": st.booleans(),
    "again": short,
    "usage": texts,
    "asked": texts,
    "part": short,
    "late": st.booleans(),
    "items": st.lists(st.builds(nouns.Named, **named), max_size=15).map(tuple),
    "total": st.integers(0, 10**6),
    "scope": texts,
    "latest": st.lists(entries, max_size=5).map(tuple),
    "troubles": st.lists(troubles, max_size=8).map(tuple),
    "text": texts,
    "buttons": st.lists(buttons, max_size=5).map(tuple),
    "command": texts,
    "summary": texts,
    "verbs": st.lists(verbs_help, max_size=25).map(tuple),
    "hidden": st.integers(0, 99),
    "titles": st.lists(texts, max_size=9).map(tuple),
}


WHOLE: dict[type, st.SearchStrategy[Any]] = {
    AuditPage: st.builds(
        AuditPage,
        entries=st.lists(audit_entries, max_size=20).map(tuple),
        wanted=st.builds(Wanted, subject=st.none() | short, person=st.none() | ids, before=st.none() | st.just(120)),
        platform=st.sampled_from(["", "zephyr"]),
        older=st.booleans(),
        head=st.none() | audit_entries,
    ),
    Report: runbook_nouns.reports(),
    Evidence: runbook_nouns.tables,
    Excerpt: st.builds(Excerpt, texts, texts, st.just("") | texts),
    ProcedureList: st.builds(
        ProcedureList,
        platform=platforms,
        going=st.lists(runbook_nouns.walkthroughs(PLATFORMS[0]), max_size=10).map(tuple),
    ),
    ProcedurePage: st.sampled_from([ProcedurePage(p, each) for p in PLATFORMS for each in p.procedures.values()]),
    WalkthroughBoard: platforms.flatmap(
        lambda platform: st.builds(WalkthroughBoard, runbook_nouns.walkthroughs(platform), st.just(platform))
    ),
    **request_nouns.WHOLE,
}
"""Nouns whose parts have to fit together."""


def any_noun() -> st.SearchStrategy[Any]:
    """Return a strategy for every noun that has a view."""
    return st.one_of([WHOLE[kind] if kind in WHOLE else st.builds(kind, **_pieces(kind)) for kind in VIEWS])


def _pieces(kind: Callable[..., Any]) -> dict[str, st.SearchStrategy[Any]]:
    return {name: PIECES[name] for name in kind.__dataclass_fields__}  # type: ignore[attr-defined]


any_choice = st.builds(Choice, value=short, label=texts, description=texts)
choices = st.lists(any_choice, min_size=1, max_size=120, unique_by=lambda choice: choice.value)
fields = st.builds(
    Field,
    name=st.from_regex(r"[a-z]{1,20}", fullmatch=True),
    label=texts,
    kind=st.sampled_from(FieldKind),
    value=texts,
    hint=texts,
    choices=choices.map(tuple),
    optional=st.booleans(),
    refreshes=st.booleans(),
    max_length=st.integers(1, 3000),
)
forms = st.builds(
    Form,
    path=st.just("incident declare"),
    title=texts,
    submit=texts,
    fields=st.lists(fields, min_size=1, max_size=8, unique_by=lambda field: field.name).map(tuple),
    notes=st.lists(texts, max_size=4).map(tuple),
    kept=st.dictionaries(st.sampled_from(["severity", "platform"]), texts),
    place=st.just({"channel": "C1", "channel_name": "general", "reply_to": "https://hooks.example/" + "x" * 200}),
)

__all__ = ["HelpPage", "Refused", "Said", "any_noun", "forms"]
