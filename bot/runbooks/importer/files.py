"""The files of a draft, as plain values by their paths in the platform's folder."""

import re
from typing import Any

from bot.operations.effect import Effect
from bot.operations.job.nouns import Job
from bot.operations.line import Line
from bot.runbooks.document import TODO
from bot.runbooks.importer.draft import Draft, Procedure, Step
from bot.runbooks.importer.headings import schedule_of, sentence, shortened
from bot.runbooks.importer.naming import Names
from bot.runbooks.importer.targets import is_secret, targets_for
from bot.runbooks.platform_file import folded

Files = dict[str, dict[str, Any]]

_CONNECTION = frozenset(
    {"database-url", "db-host", "db-port", "db-user", "db-name", "db-password"}
    | {"redis-url", "redis-host", "redis-port", "redis-password"}
)
"""Holes that are nobody's to fill in: the target's address says them, or the check of the draft asks what to do."""
_KINDS = (
    (r"\bpods?\b", "pod"),
    (r"deployment", "deployment"),
    (r"number|revision|count|replicas|pid\b|port\b", "number"),
    (r"duration|since", "duration"),
    (r"host\b", "host"),
    (r"query|sql", "sql"),
)


def files_of(draft: Draft, platform: str) -> Files:
    """Return the content of each YAML file, by its path."""
    names = Names()
    files: Files = {"platform.yml": _platform(draft, platform)}
    for procedure in draft.procedures:
        name = names.fresh("procedure", procedure.path[-1] if procedure.path else draft.title, *procedure.path[-2:-1])
        files[f"procedures/{name}.yml"] = _procedure(procedure, name, names)
    actions: dict[str, Any] = {}
    checklists = {
        names.fresh("checklist", each.path[-1], *each.path[-2:-1]): _checklist(each, names, actions)
        for each in draft.checklists
    }
    sections = (("actions", actions), ("checklists", checklists), ("alerts", _alerts(draft, files)))
    return {**files, **{f"{name}.yml": {name: entries} for name, entries in sections if entries}}


def _platform(draft: Draft, platform: str) -> dict[str, Any]:
    front, facts = draft.front, draft.facts
    lines = [step.command for each in (*draft.procedures, *draft.checklists) for step in each.steps if step.command]
    channels = facts.get("channels") or {"incidents": {"name": f"{TODO}: the channel", "purpose": "Incidents"}}
    zone = next((front[key] for key in ("time-zone", "timezone", "time_zone", "tz") if front.get(key)), None)
    said = front.get("summary") or front.get("description") or draft.summary
    values: dict[str, Any] = {
        "title": draft.title,
        "summary": said or f"{TODO}: what the platform does, in a sentence",
        "time-zone": zone or f"{TODO}: such as Europe/Vienna or UTC",
        "severities": [_severity(each) for each in draft.severities] or [_severity({"name": "P1", "title": "High"})],
        "channels": channels,
        "contacts": facts.get("contacts"),
        "links": facts.get("links"),
        "announcement": {"channel": _announcing(list(channels))},
        "messages": {
            name: {**message, "template": f"{name}.md.j2"} for name, message in facts.get("messages", {}).items()
        },
        "targets": targets_for(lines, platform.upper().replace("-", "_")),
    }
    sections = ("objectives", "scaling-triggers", "retention", "monitors")
    return {key: value for key, value in {**values, **{name: facts.get(name) for name in sections}}.items() if value}


def _severity(entry: dict[str, Any]) -> dict[str, Any]:
    return {"name": entry["name"], "title": entry["title"], "meaning": f"{TODO}: when it is one", **entry}


def _announcing(channels: list[str]) -> str:
    """Return the channel in which incidents are announced: the one whose name says so."""
    return next((name for word in ("incident", "alert", "ops") for name in channels if word in name), channels[0])


def _procedure(procedure: Procedure, name: str, names: Names) -> dict[str, Any]:
    values: dict[str, Any] = {
        "procedure": name,
        "title": sentence(procedure.path[-1]) if procedure.path else name,
        "note": f"Drafted from line {procedure.number}: {' > '.join(procedure.path)}.",
        "summary": " ".join(said for _, said in procedure.summary),
        "symptoms": procedure.symptoms,
    }
    for part, steps in procedure.parts.items():
        values[part] = [_step(step, procedure, names) for step in steps]
    return {key: value for key, value in values.items() if value}


def _step(step: Step, procedure: Procedure, names: Names) -> dict[str, Any]:
    if step.command is None:
        return {"human": step.human, **({"because": step.because} if step.because else {})}
    name, new = names.of(step)
    return {step.kind: name, **_deed(step, step.command, procedure)} if new else {step.kind: name}


def _deed(step: Step, command: Line, procedure: Procedure) -> dict[str, Any]:
    """Return what a probe or an action says, without its name."""
    values: dict[str, Any] = {"title": step.title, "run": command.text}
    if command.effect is Effect.DESTROY:
        values |= {"approvals": 2, "confirm": True}
    if holes := [hole for hole in command.holes if not _filled(hole, command)]:
        values["parameters"] = {hole: _parameter(hole, procedure.settings) for hole in holes}
    if step.notes:
        values["note"] = " ".join(step.notes)
    return values


def _filled(hole: str, command: Line) -> bool:
    if hole in _CONNECTION:
        return not isinstance(command.operation, Job)
    return command.operation.kind == "http" and is_secret(hole)


def _parameter(hole: str, settings: dict[str, str]) -> dict[str, Any]:
    kind = next((kind for form, kind in _KINDS if re.search(form, hole)), "text")
    title = hole.replace("-", " ").capitalize()
    return {"title": title, "kind": kind, **({"default": settings[hole]} if settings.get(hole) else {})}


def _checklist(checklist: Procedure, names: Names, actions: dict[str, Any]) -> dict[str, Any]:
    own, items = Names(), {}
    for step in sorted(checklist.steps, key=lambda step: step.number):
        items[own.fresh("item", step.title)] = _item(step, checklist, names, actions)
    schedule = schedule_of(*reversed(checklist.path)) or f"{TODO}: a cron expression, pre-deployment or on-demand"
    return {
        "title": sentence(checklist.path[-1]),
        "note": f"Drafted from line {checklist.number}: {' > '.join(checklist.path)}.",
        "schedule": schedule,
        "items": items,
    }


def _item(step: Step, checklist: Procedure, names: Names, actions: dict[str, Any]) -> dict[str, Any]:
    title = step.title or shortened(step.human)
    if step.command is None:
        return {"title": title, "human": step.human, **({"because": step.because} if step.because else {})}
    if step.kind == "probe":
        return _deed(step, step.command, checklist)
    name, new = names.of(step)
    if new:
        actions[name] = _deed(step, step.command, checklist)
    return {"title": title, "action": name}


def _alerts(draft: Draft, files: Files) -> dict[str, Any]:
    """Return the alerts, each with the procedure that has its name, and without a severity that there is not."""
    known = {folded(each["name"]) for each in draft.severities} | {"warning", "critical"}
    alerts = {}
    for name, alert in draft.facts.get("alerts", {}).items():
        entry = dict(alert)
        if folded(str(entry.get("severity", ""))) not in known and entry.pop("severity", None):
            entry["note"] = f"The document gives it the severity {alert['severity']}."
        if f"procedures/{name}.yml" in files:
            entry["procedure"] = name
        alerts[name] = entry
    return alerts
