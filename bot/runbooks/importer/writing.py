"""Writes a draft into a folder, and says what is still to be filled in and what could not be placed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from bot.errors import BadInput
from bot.nearest import one_of
from bot.runbooks.document import TODO, scalar
from bot.runbooks.importer.draft import Draft
from bot.runbooks.importer.drafting import draft_from
from bot.runbooks.importer.files import Files, files_of
from bot.runbooks.importer.headings import key
from bot.runbooks.words import Key

_ANNOUNCEMENT = """\
*{{ incident.severity.label }}*: {{ incident.title }}
{{ platform.title }}, declared by {{ declared_by }} at {{ declared }}. Everything happens in {{ channel }}.
"""
_COUNTED = ("procedures", "checklists", "alerts", "contacts", "channels", "objectives", "monitors")


@dataclass(frozen=True, slots=True)
class Imported:
    """What was written where, what is to be filled in (file and what), and what was left out."""

    folder: Path
    source: Path
    draft: Draft
    gaps: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return "\n".join(_report(self))


def import_document(source: Path, out: Path, platform: str | None = None) -> Imported:
    """Draft a platform's folder in `out` from a Markdown file. Raises BadInput with a sentence when that cannot be."""
    text = _text(source)
    draft = draft_from(text, source.stem)
    name = platform or key(draft.title)
    try:
        TypeAdapter(Key).validate_python(name)
    except ValidationError:
        raise BadInput(f'"{name}" is not a name for a platform; use lower-case letters, digits and hyphens.') from None
    folder = out / name
    if folder.exists() and any(folder.iterdir()):
        raise BadInput(f"{folder} is there already; choose another name with --platform, or another folder with --out.")
    files = files_of(draft, name)
    _write(folder, files, draft, source.name)
    return Imported(folder, source, draft, tuple(_gaps(files)))


def _text(source: Path) -> str:
    try:
        return source.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{source} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{source} is not UTF-8 text (byte {error.start + 1}).") from None


def _write(folder: Path, files: Files, draft: Draft, source: str) -> None:
    head = f"# Drafted from {source}. `opsroom check` says what is still to be filled in.\n\n"
    try:
        for path, values in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(head + _yaml(values), encoding="utf-8")
        (folder / "templates").mkdir(exist_ok=True)
        (folder / "templates/announcement.md.j2").write_text(_ANNOUNCEMENT, encoding="utf-8")
        for name, text in draft.templates.items():
            (folder / f"templates/{name}.md.j2").write_text(_literal(text), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{folder} cannot be written: {error.strerror}.") from None


def _literal(text: str) -> str:
    """Return a template that prints the text as it is."""
    marked = re.search(r"\{[{%#]", text)
    return f"{{% raw %}}\n{text.replace('{% endraw %}', '')}{{% endraw %}}\n" if marked else text


class _Dumper(yaml.SafeDumper):
    """YAML in which text that our reader would take for a number or a truth value is in quotes."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002  # PyYAML's
        """Indent lists, as our files do."""
        super().increase_indent(flow, False)  # noqa: FBT003


def _represented(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if scalar(text, plain=True) != text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represented)


def _yaml(values: dict[str, Any]) -> str:
    written: str = yaml.dump(values, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return written


def _gaps(files: Files) -> Iterator[tuple[str, str]]:
    for path, values in files.items():
        for where, text in _texts(values, ""):
            if text.startswith(TODO):
                yield path, f"{where}: {text.removeprefix(TODO).strip(' :')}"


def _texts(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    inner = value.items() if isinstance(value, dict) else enumerate(value, 1) if isinstance(value, list) else ()
    for step, each in inner:
        yield from _texts(each, f"{where}.{step}".lstrip("."))


def _report(imported: Imported) -> Iterator[str]:
    draft = imported.draft
    steps = [step for each in (*draft.procedures, *draft.checklists) for step in each.steps]
    counts = {"procedures": len(draft.procedures), "checklists": len(draft.checklists)}
    counts |= {"commands": sum(step.command is not None for step in steps)}
    counts |= {name: len(draft.facts.get(name, ())) for name in _COUNTED if name not in counts}
    said = [f"{count} {name if count > 1 else name[:-1]}" for name, count in counts.items() if count]
    yield f"{imported.folder} was drafted from {imported.source}: {one_of(said, 'and') or 'nothing was found'}."
    if imported.gaps:
        yield f"To be filled in, marked {TODO}:"
        yield from (f"  {path}: {what}" for path, what in imported.gaps)
    if draft.left_out:
        yield "Not placed:"
        yield from (f"  {imported.source.name}:{left}" for left in draft.left_out)
