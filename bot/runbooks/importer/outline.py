"""A Markdown document as headings with what stands below each, and the line on which everything starts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TASK = re.compile(r"\[[ xX]\]\s+")


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph or a part of one. `label` is what is bold at its start; `codes` is the code inside it."""

    line: int
    text: str
    label: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, and what stands below it."""

    head: Text
    ordered: bool = False
    task: bool = False
    blocks: tuple["Block", ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code; `line` is that of its first line of content."""

    line: int
    language: str
    content: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its heads, and its rows with the line of each."""

    line: int
    heads: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Text, ...]], ...]


Block = Text | Item | Code | Table


@dataclass(slots=True)
class Section:
    """A heading with what stands between it and the next one. `path` is its own title behind those around it."""

    line: int
    level: int
    path: tuple[str, ...]
    blocks: list[Block] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The heading; empty for what stands before the first one."""
        return self.path[-1] if self.path else ""


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole document. `front` is its front matter, as plain values."""

    sections: tuple[Section, ...]
    front: dict[str, Any]


def read_outline(text: str) -> Outline:
    """Return the outline of a document; any text is one."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    found = _FRONT.match(plain)
    front = _front(found[1]) if found else None
    skipped = plain[: found.end()].count("\n") if found and front is not None else 0
    body = plain[found.end() :] if found and front is not None else plain
    tree = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(_with_whole_tables(body)))
    return Outline(tuple(_sections(tree, skipped)), front or {})


def _front(text: str) -> dict[str, Any] | None:
    try:
        values = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  # it makes text, lists and mappings only
    except yaml.YAMLError:
        return None
    return values if isinstance(values, dict) else None


def _with_whole_tables(text: str) -> str:
    """Mend a slip that is common in tables: a second bar at the end of the line below the heads."""
    return re.sub(r"^(\s*\|(?:\s*:?-+:?\s*\|)+)\|+[ \t]*$", r"\1", text, flags=re.MULTILINE)


def _sections(tree: SyntaxTreeNode, skipped: int) -> Iterator[Section]:
    section = Section(1, 0, ())
    above: list[tuple[int, str]] = []
    for node in tree.children:
        if node.type != "heading":
            section.blocks += _blocks(node, skipped)
            continue
        yield section
        level, title = int(node.tag[1:]), _inline(node.children[0], 0).text
        above = [*((depth, name) for depth, name in above if depth < level), (level, title)]
        section = Section(_line(node, skipped), level, tuple(name for _, name in above))
    yield section


def _line(node: SyntaxTreeNode, skipped: int) -> int:
    return (node.map[0] if node.map else 0) + 1 + skipped


def _blocks(node: SyntaxTreeNode, skipped: int) -> Iterator[Block]:
    match node.type:
        case "paragraph" | "heading":  # a heading inside a quotation or an item is text
            yield from _paragraph(node, skipped)
        case "fence" | "code_block":
            first = _line(node, skipped) + (node.type == "fence")
            yield Code(first, node.info.strip().split(" ")[0].lower(), node.content)
        case "table":
            yield _table(node, skipped)
        case "bullet_list" | "ordered_list":
            yield from (_item(item, skipped, ordered=node.type == "ordered_list") for item in node.children)
        case "blockquote":
            yield from (block for child in node.children for block in _blocks(child, skipped))


def _item(node: SyntaxTreeNode, skipped: int, *, ordered: bool) -> Item:
    inner = [block for child in node.children for block in _blocks(child, skipped)]
    if inner and isinstance(inner[0], Text):
        head, rest = inner[0], inner[1:]
    else:
        head, rest = Text(_line(node, skipped), ""), inner
    task = _TASK.match(head.text)
    if task:
        head = Text(head.line, head.text[task.end() :], head.label, head.codes)
    return Item(head, ordered, bool(task), tuple(rest))


def _paragraph(node: SyntaxTreeNode, skipped: int) -> Iterator[Text]:
    """Yield a paragraph, in as many parts as it has lines that start with a bold label."""
    inline, line = node.children[0], _line(node, skipped)
    part: list[SyntaxTreeNode] = []
    at, start = line, line
    for position, child in enumerate(inline.children):
        if child.type in ("softbreak", "hardbreak"):
            at += 1
            if _starts_bold(inline.children[position + 1 :]):
                yield _spoken(part, start)
                part, start = [], at
                continue
        part.append(child)
    yield _spoken(part, start)


def _starts_bold(children: list[SyntaxTreeNode]) -> bool:
    shown = [child for child in children if child.type != "text" or child.content.strip()]
    return bool(shown) and shown[0].type == "strong"


def _inline(node: SyntaxTreeNode, line: int) -> Text:
    return _spoken(node.children, line)


def _spoken(children: list[SyntaxTreeNode], line: int) -> Text:
    text = " ".join("".join(map(_plain, children)).split())
    first = next((child for child in children if child.type != "text" or child.content.strip()), None)
    label = _plain(first).strip() if first is not None and first.type == "strong" else ""
    return Text(line, text, label.rstrip(":").strip(), tuple(_codes(children)))


def _plain(node: SyntaxTreeNode) -> str:
    match node.type:
        case "code_inline":
            return f"`{node.content}`"
        case "softbreak" | "hardbreak":
            return " "
        case "text":
            return node.content
    return "".join(map(_plain, node.children))


def _codes(children: list[SyntaxTreeNode]) -> Iterator[str]:
    for child in children:
        if child.type == "code_inline":
            yield child.content
        else:
            yield from _codes(child.children)


def _table(node: SyntaxTreeNode, skipped: int) -> Table:
    rows = [row for part in node.children for row in part.children]
    read = [
        (_line(row, skipped), tuple(_inline(cell.children[0], _line(row, skipped)) for cell in row.children))
        for row in rows
    ]
    heads = tuple(cell.text for cell in read[0][1]) if read else ()
    return Table(_line(node, skipped), heads, tuple(read[1:]))
