"""Write the generated pages of `docs/`: from the verbs who may do what and how, from fields settings and runbooks."""

import sys
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.app import Settings
from bot.verbs.catalogue import Verb, scan
from scripts.access_page import access
from scripts.runbook_page import runbooks

DOCS = Path(__file__).parent.parent / "docs"


def commands() -> str:
    """Return the page of all commands."""
    lines = ["# Commands", "", "_Generated from the verbs' docstrings by `make docs`._"]
    for command in scan("commands"):
        lines += ["", f"## /{command.name}", "", f"{command.description}."]
        for verb in command.verbs.values():
            lines += _verb(verb)
    return "\n".join(lines) + "\n"


def _verb(verb: Verb) -> list[str]:
    needs = f"Needs the role {verb.access.name.lower()}." if verb.access else "Anybody may."
    lines = ["", f"### `{verb.usage}`", "", f"{verb.summary}. {needs}", "", *verb.details.splitlines()]
    hints = [(a.name.upper(), a.hint.help) for a in verb.arguments if a.hint.help]
    return [*lines, *([""] if hints else []), *(f"- `{name}`: {said}" for name, said in hints)]


def settings() -> str:
    """Return the page of all settings."""
    head = [
        "# Settings",
        "",
        "_Generated from `bot/settings.py` by `make docs`._",
        "",
        "| variable | what it says | default |",
    ]
    rows = [_setting(name, field) for name, field in Settings.model_fields.items()]
    return "\n".join([*head, "|---|---|---|", *rows]) + "\n"


def _setting(name: str, field: FieldInfo) -> str:
    return f"| `OPSROOM_{name.upper()}` | {field.description} | {_default(field)} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default is None or field.default_factory:
        return ""
    value = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


PAGES = {"access.md": access, "commands.md": commands, "settings.md": settings, "runbooks.md": runbooks}

if __name__ == "__main__":
    for page, make in PAGES.items():
        (DOCS / page).write_text(make(), encoding="utf-8")
        sys.stdout.write(f"docs/{page}\n")
