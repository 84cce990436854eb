"""One YAML file as plain values, with the line and column of every key and value.

Scalars are read as YAML 1.2 reads them, so that `on`, `no`, `1:30` and `2024-01-02` stay the text that was
written. Aliases and tags are refused: a runbook is read by tired people, and says things where they belong.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import yaml

from bot.runbooks.faults import Fault

Location = tuple[str | int, ...]
Place = tuple[int, int]

TODO = "TODO"
"""A text that begins so is still to be filled in; an import leaves such texts behind."""

_START: Place = (1, 1)
_MAPPING, _LIST, _TEXT = (f"tag:yaml.org,2002:{kind}" for kind in ("map", "seq", "str"))
_MAYBE_ALIAS = re.compile(r"(?:^|[\s\[{,])\*[\w-]", re.MULTILINE)
_DEEPEST = 2000
_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


class _Mark(Protocol):
    """Where PyYAML is in a file, counted from 0."""

    line: int
    column: int


@dataclass(slots=True)
class Document:
    """The values of one file, where each stands, and what is wrong with the file as YAML."""

    path: Path
    values: Any = None
    faults: list[Fault] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    key_places: dict[Location, Place] = field(default_factory=dict)
    value_places: dict[Location, Place] = field(default_factory=dict)

    def key(self, location: Location) -> Place:
        """Return line and column of the key at `location`, or of the nearest thing around it."""
        return self.key_places.get(location) or self.value(location)

    def value(self, location: Location) -> Place:
        """Return line and column of the value at `location`, or of the nearest thing around it."""
        while location and location not in self.value_places:
            location = location[:-1]
        return self.value_places.get(location, _START)

    def inside(self, location: Location, column: int) -> Place:
        """Return line and column in the file of a column (from 1) in the text at `location`, or where that starts."""
        start, text = self.value(location), self._text_at(location)
        return _aligned(self.lines, start, text, column) or start

    def _text_at(self, location: Location) -> str:
        found = self.values
        for step in location:
            if isinstance(found, str):
                return found.strip()  # one line where a list of them could be
            found = found[step]
        return str(found).strip()

    def fault(self, place: Place, sentence: str) -> None:
        """Note that something is wrong at `place`."""
        self.faults.append(Fault(self.path, *place, sentence))


def read_document(path: Path) -> Document:
    """Read a YAML file. Never raises for what is in it: the faults are in the document."""
    document = Document(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        document.lines = text.splitlines()
        root = _composed(text)
        _note_aliases(document, text)
        if root is not None and not document.faults:
            document.values = _plain(document, root, ())
    except OSError as error:
        document.fault(_START, f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        document.fault(_START, f"is not UTF-8 text (byte {error.start + 1})")
    except yaml.MarkedYAMLError as error:
        _note_syntax(document, error)
    except yaml.reader.ReaderError as error:
        _note_character(document, text, error.position)
    except RecursionError:
        document.fault(_START, "is nested too deeply to be a runbook")
    return document


def _aligned(lines: list[str], start: Place, text: str, column: int) -> Place | None:
    """Find where the character at `column` of a scalar's text is, past quotes, escapes and folded lines."""
    at, row, col = 0, start[0] - 1, start[1] - 1
    if row < len(lines) and lines[row][col : col + 1] in ("|", ">"):
        row, col = row + 1, 0
    elif row < len(lines) and lines[row][col : col + 1] in ("'", '"') and text[:1] != lines[row][col]:
        col += 1
    while row < len(lines):
        line = lines[row]
        if col >= len(line):
            row, col = row + 1, 0
            at += text[at : at + 1] in (" ", "\n")
        elif col < len(line) and line[col] == text[at : at + 1]:
            if at == column - 1:
                return row + 1, col + 1
            at, col = at + 1, col + 1
        elif line[col] in " \\'":
            col += 1  # what indents, escapes or doubles
        else:
            return None
    return None


def _place(mark: _Mark | None) -> Place:
    return (mark.line + 1, mark.column + 1) if mark else _START


def _composed(text: str) -> yaml.Node | None:
    """Return the nodes of a text: by libyaml, ten times as fast, and by Python where that knows more about a fault."""
    fast = getattr(yaml, "CBaseLoader", None)
    if fast is not None and text.count("[") + text.count("{") < _DEEPEST:  # libyaml goes as deep as the stack allows
        try:
            return yaml.compose(text, Loader=fast)
        except yaml.YAMLError:
            pass
    return yaml.compose(text, Loader=yaml.BaseLoader)


def _note_aliases(document: Document, text: str) -> None:
    if not _MAYBE_ALIAS.search(text):
        return
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent):
            document.fault(_place(event.start_mark), "repeats another value by an alias (*); write the value out")


def _note_character(document: Document, text: str, position: int) -> None:
    before = text[:position]
    place = (before.count("\n") + 1, position - before.rfind("\n"))
    document.fault(place, f"has a character that YAML does not allow: U+{ord(text[position]):04X}")


def _note_syntax(document: Document, error: yaml.MarkedYAMLError) -> None:
    mark = error.problem_mark or error.context_mark
    place = _place(mark)
    sentence = f"is not YAML: {error.problem or error.context}"
    if mark and "'@'" in sentence:
        sentence = "is not YAML: a value cannot start with @; write the name without it"
    elif "'\\t'" in sentence:
        sentence = "is not YAML: indent with spaces, not with tabs"
    document.fault(place, sentence)


def _plain(document: Document, node: yaml.Node, location: Location) -> Any:
    place = _place(node.start_mark)
    document.value_places[location] = place
    if node.tag not in (_MAPPING, _LIST, _TEXT):
        document.fault(place, f"has the tag {node.tag}; tags (!) are not read here")
        return None
    if isinstance(node, yaml.MappingNode):
        return _mapping(document, node, location)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(document, item, (*location, at)) for at, item in enumerate(node.value)]
    if not isinstance(node, yaml.ScalarNode):
        return None
    if node.value.startswith(TODO):
        wanted = node.value.removeprefix(TODO).strip(" :")
        document.fault(place, f"is still to be filled in{f': {wanted}' if wanted else ''}")
    return scalar(str(node.value), plain=not node.style)  # libyaml says nothing, Python None


def _mapping(document: Document, node: yaml.MappingNode, location: Location) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        place = _place(key_node.start_mark)
        if not isinstance(key_node, yaml.ScalarNode) or key_node.tag != _TEXT:
            document.fault(place, "is a key that is not plain text")
            continue
        key = key_node.value
        here = (*location, key)
        if key in values:
            first = document.key_places[here][0]
            document.fault(place, f'key "{key}" is there twice (first on line {first}); keep one')
            continue
        document.key_places[here] = place
        values[key] = _plain(document, value_node, here)
    return values


def scalar(text: str, *, plain: bool) -> str | int | float | bool | None:
    """Return what a scalar means; `plain` is whether it stands there without quotes."""
    if not plain:  # quoted or a block: the writer said that it is text
        return text
    if _NULL.fullmatch(text):
        return None
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return True if _TRUE.fullmatch(text) else False if _FALSE.fullmatch(text) else text
