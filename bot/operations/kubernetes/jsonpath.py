"""The JSONPath of kubectl, as far as runbooks use it: fields, indexes, `[*]`, one `==` filter, `range`, quoted text.

https://kubernetes.io/docs/reference/kubectl/jsonpath/. What is outside braces is text; a bare
`.metadata.name` works too.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_STEP = re.compile(
    r"\.(?P<field>(?:[A-Za-z0-9_/-]|\\.)+|\*)"
    r"|\[(?P<index>-?\d{1,6})\]"
    r"|\[(?P<all>\*)\]"
    r"|\[(?P<slice>-?\d{0,6}:-?\d{0,6})\]"
    r"|\['(?P<quoted>[^']+)'\]"
    r"|\[\?\(@(?P<left>(?:\.[A-Za-z0-9_/-]+)+)\s*(?P<sign>==|!=)\s*(?P<right>\"[^\"]*\"|'[^']*'|-?\d+(?:\.\d+)?|true|false)\)\]",
    re.ASCII,
)
_PIECE = re.compile(r"\{(?P<code>(?:\"[^\"]*\"|'[^']*'|[^{}\"'])*)\}|(?P<text>[^{}]+)")
_ESCAPES = {"\\n": "\n", "\\t": "\t"}
_MOST = 1000
"""Characters of the longest path."""

Step = re.Match[str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a template: text, or steps to take from where one is, or a range over what steps find."""

    text: str = ""
    steps: tuple[Step, ...] | None = None
    inner: tuple["Piece", ...] = ()


def parse(template: str) -> tuple[Piece, ...]:
    """Read a template. Raises ValueError with a clause for what cannot be read."""
    if not template or len(template) > _MOST:
        raise ValueError("it is empty" if not template else f"it is longer than {_MOST} characters")
    written = template if "{" in template else "{" + (template if template[0] in ".[$@" else f".{template}") + "}"
    pieces = list(_pieces(written))
    parsed, rest = _nested(pieces, inside=False)
    if rest:
        raise ValueError("there is an end without a range")
    return tuple(parsed)


def rendered(template: str, document: object) -> str:
    """Return what kubectl prints for a template: what is found with blanks between."""
    return "".join(_render(parse(template), document))


def values(template: str, document: object) -> list[object]:
    """Return what the first path of a template finds."""
    steps = next((piece.steps for piece in parse(template) if piece.steps is not None), ())
    return _find([document], steps)


def _pieces(template: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(template):
        found = _PIECE.match(template, at)
        if not found:
            raise ValueError("a brace is missing")
        if found["text"] is not None:
            yield "text", found["text"]
        else:
            yield "code", found["code"].strip()
        at = found.end()


def _nested(pieces: list[tuple[str, str]], *, inside: bool) -> tuple[list[Piece], list[tuple[str, str]]]:
    parsed: list[Piece] = []
    while pieces:
        (form, text), *pieces = pieces
        if form == "text":
            parsed.append(Piece(text))
        elif text == "end":
            if not inside:
                raise ValueError("there is an end without a range")
            return parsed, pieces
        elif text.startswith("range "):
            if inside:
                raise ValueError("a range within a range is not read here")
            inner, pieces = _nested(pieces, inside=True)
            parsed.append(Piece(steps=_steps(text[6:].strip()), inner=tuple(inner)))
        else:
            parsed.append(_piece(text))
    if inside:
        raise ValueError("a range has no end")
    return parsed, pieces


def _piece(text: str) -> Piece:
    if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]:
        return Piece("".join(_ESCAPES.get(part, part) for part in re.split(r"(\\.)", text[1:-1])))
    return Piece(steps=_steps(text))


def _steps(text: str) -> tuple[Step, ...]:
    at, steps = (1 if text[:1] in ("$", "@") else 0), []
    if text in (".", "$", "@"):
        return ()
    while at < len(text):
        step = _STEP.match(text, at)
        if not step:
            raise ValueError(f'"{text[at : at + 20]}" is not read here')
        steps.append(step)
        at = step.end()
    if not steps:
        raise ValueError("a path is missing")
    return tuple(steps)


def _render(pieces: Sequence[Piece], document: object) -> Iterator[str]:
    for piece in pieces:
        if piece.steps is None:
            yield piece.text
        elif piece.inner:
            for found in _find([document], piece.steps):
                yield from _render(piece.inner, found)
        else:
            yield " ".join(map(_text, _find([document], piece.steps)))


def _find(documents: list[object], steps: Sequence[Step]) -> list[object]:
    for step in steps:
        documents = [value for document in documents for value in _taken(document, step)]
    return documents


def _taken(document: object, step: Step) -> list[object]:
    if isinstance(document, dict):
        field = step["quoted"] or re.sub(r"\\(.)", r"\1", step["field"] or "")
        if field in ("", "*") and not step["quoted"]:
            return list(document.values()) if field == "*" or step["all"] else []
        return [document[field]] if field in document else []
    return _items(document, step) if isinstance(document, list) else []


def _items(document: list[object], step: Step) -> list[object]:
    if step["all"] or step["field"] == "*":
        return document
    if step["index"]:
        at = int(step["index"])
        return document[at : at + 1 or None] if -len(document) <= at < len(document) else []
    if step["slice"]:
        start, end = (int(bound) if bound else None for bound in step["slice"].split(":"))
        return document[start:end]
    if step["left"]:
        return [item for item in document if _matches(item, step)]
    return []


def _matches(item: object, step: Step) -> bool:
    for field in step["left"][1:].split("."):
        item = item.get(field) if isinstance(item, dict) else None
    wanted = step["right"]
    expected = wanted[1:-1] if wanted[0] in "\"'" else wanted
    return (_text(item) == expected) is (step["sign"] == "==")


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
