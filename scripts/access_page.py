"""The page about access: every verb and every button, the role it needs, and what it does to the world."""

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.access.audit import AuditLog
from bot.access.roles import Role
from bot.verbs.catalogue import Catalogue, Verb, scan
from bot.verbs.replies import Button

_BOT = Path(__file__).parent.parent / "bot"
_HEAD = """# Who may do what

_Generated from the verbs and buttons by `make docs`._

A role contains the ones before it: viewer, responder, operator, approver, admin. It is given to a person or to a Slack
user group, on one platform or everywhere, in one environment or in all:

```sh
opsroom roles grant U012AB3CD responder --on social-live
opsroom roles grant @oncall operator --in production
opsroom roles revoke @oncall --in production
opsroom roles list
```

Whoever has no role reads the help and nothing else. Who is in a group, Slack is asked at most once a minute; when it
does not answer, what it said last counts for ten minutes, and then the group gives nothing. Guests, bots and
deactivated people allow no changes, and a group makes them viewers at most.

The role is looked up when a command is typed, again when a form is sent and again when a button is pressed. It is the
least that is needed, on some platform; on the platform in question it is needed as well. Restricted answers take an
operator, and a request that needs approvals takes an approver, who did not ask for it, to allow it.
"""
_ALSO = "A room that opens takes the platform's first look besides: it asks its systems, and changes nothing."


def access() -> str:
    """Return the page."""
    catalogue = scan("commands")
    verbs = [f"| `/{verb.path}` | {_needs(verb)} | {verb.title} | {reach(verb)} |" for verb in catalogue.verbs]
    head = ["", "## Commands", "", "| command | needs | what it does | what it reaches |", "|---|---|---|---|"]
    return "\n".join([_HEAD.rstrip(), *head, *verbs, "", _ALSO, *_button_table(catalogue)]) + "\n"


def _needs(verb: Verb) -> str:
    return verb.access.name.lower() if verb.access else "nothing"


def reach(verb: Verb) -> str:
    """Return what a verb does to the world, by the role that it needs and the parts of Opsroom that it works with."""
    parts = {kind for deed in verb.deeds for kind in deed.needs.values()}
    rooms = {kind.__module__.rpartition(".")[0] for kind in parts}
    if verb.access <= Role.VIEWER or AuditLog in parts:
        return "nothing: it shows what Opsroom knows"
    if "bot.remediation" in rooms:
        return "systems of the platform: leads to a change, or keeps from one"
    if "bot.diagnosis" in rooms or verb.waits:
        return "systems of the platform: asks, and changes nothing"
    return "Opsroom and Slack: records, rooms and messages"


def _button_table(catalogue: Catalogue) -> list[str]:
    rows = []
    for label, path in sorted(set(buttons())):
        verb = catalogue.verb(path)
        if verb is None:
            raise LookupError(f"The button “{label}” is /{path}, and there is no such verb.")
        rows.append(f"| {label} | `/{path}` | {_needs(verb)} | {reach(verb)} |")
    head = ["", "## Buttons", "", "Each is a verb that somebody may press; other buttons repeat what was typed.", ""]
    return [*head, "| button | verb | needs | what it reaches |", "|---|---|---|---|", *rows]


def buttons() -> Iterator[tuple[str, str]]:
    """Yield the label and the verb's path of every button that the program makes by name."""
    for path in sorted(_BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == Button.__name__ and len(node.args) > 1:
                label, verb = node.args[:2]
                if isinstance(verb, ast.Constant) and verb.value:
                    yield from ((each, str(verb.value)) for each in _labels(label))


def _labels(label: ast.expr) -> list[str]:
    """Return how people see a label, with … for what differs."""
    if isinstance(label, ast.IfExp):
        return [*_labels(label.body), *_labels(label.orelse)]
    return [_label(label)]


def _label(label: ast.expr) -> str:
    if isinstance(label, ast.Constant):
        return str(label.value)
    pieces = label.values if isinstance(label, ast.JoinedStr) else []
    return "".join(str(piece.value) if isinstance(piece, ast.Constant) else "…" for piece in pieces) or "…"
