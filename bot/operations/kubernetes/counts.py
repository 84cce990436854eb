"""What a probe may ask of a table by name: how many rows, and how many of them are ready."""

import re

from bot.operations.output import Table

_DONE = {"Completed", "Succeeded"}
_SHARE = re.compile(r"(\d+)/(\d+)")
_NUMBER = re.compile(r"\d+")


def counts(plural: str, table: Table) -> dict[str, float | str]:
    """Return `count`, and for what can be ready `ready` and `not-ready`; pods have `restarts`, the most of any."""
    facts: dict[str, float | str] = {"count": float(len(table.rows))}
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    ready = [state for row in rows if (state := _ready(plural, row)) is not None]
    if plural in ("pods", "nodes", "deployments", "statefulsets", "daemonsets"):
        facts |= {"ready": float(sum(ready)), "not-ready": float(len(ready) - sum(ready))}
    if plural == "pods":
        restarts = [_NUMBER.match(row.get("RESTARTS", "")) for row in rows]
        facts["restarts"] = float(max((int(found[0]) for found in restarts if found), default=0))
    return facts


def _ready(plural: str, row: dict[str, str]) -> bool | None:
    """Whether what a row shows is ready; None when it need not be, as a pod that has ended well."""
    if plural == "nodes":
        return row.get("STATUS", "").split(",")[0] == "Ready"
    if plural == "daemonsets":
        return row.get("READY") == row.get("DESIRED")
    share = _SHARE.fullmatch(row.get("READY", ""))
    if not share or (plural == "pods" and row.get("STATUS") in _DONE):
        return None
    return share[1] == share[2] and not (plural == "pods" and row.get("STATUS") == "Terminating")
