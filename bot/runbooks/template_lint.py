"""What is wrong in a template, found when it is loaded and not when an incident is declared."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_type_hints

from jinja2 import TemplateSyntaxError, meta, nodes

from bot.nearest import hint
from bot.runbooks.faults import Fault
from bot.runbooks.templates import (
    Facts,
    IncidentFacts,
    Mrkdwn,
    PlatformFacts,
    RenderError,
    SeverityFacts,
    environment,
    render,
)

Shape = Mapping[str, Any]

_UNKNOWN = Facts(
    incident=IncidentFacts("INC-1", "Title", SeverityFacts("P1", "High", "Meaning", "P1 High")),
    platform=PlatformFacts("Platform", {}),
    declared_by=Mrkdwn("<@U1>"),
    channel=Mrkdwn("<#C1>"),
    declared="2030-12-31 23:59 UTC",
)
_OPTIONAL: dict[str, Any] = {entry.name: Mrkdwn("text") for entry in fields(Facts) if entry.default is None}
_KNOWN = replace(_UNKNOWN, **_OPTIONAL)


def lint(path: Path, template: str, links: Mapping[str, str] | None) -> list[Fault]:
    """Return what is wrong in the template at `path`.

    `links` are the platform's, by name; None when they are not known, so that nothing is said about them.
    """
    shape = _shape(Facts, links)
    try:
        tree = environment(str).parse(template)
        found = {*_unknown_variables(path, template, tree), *_unknown_attributes(path, template, tree, shape)}
    except TemplateSyntaxError as error:
        return [Fault(path, error.lineno, 1, f"is not a template: {error.message}")]
    return sorted(found) if found or links is None else _failures(path, template, links)


def _shape(kind: type, links: Mapping[str, str] | None) -> Shape:
    """Return what a template can reach in a dataclass: names, and below them names again or nothing."""
    hints = get_type_hints(kind)
    inner = {name: _shape(hint, links) if _is_dataclass(hint) else None for name, hint in hints.items()}
    return {**inner, "links": dict.fromkeys(links)} if links is not None and "links" in inner else inner


def _is_dataclass(hint: Any) -> bool:
    return isinstance(hint, type) and is_dataclass(hint)


def _unknown_variables(path: Path, template: str, tree: nodes.Template) -> Iterator[Fault]:
    known = [entry.name for entry in fields(Facts)]
    unknown = meta.find_undeclared_variables(tree) - set(known)
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            yield _fault(path, template, name, name.name, known)


def _unknown_attributes(path: Path, template: str, tree: nodes.Template, shape: Shape) -> Iterator[Fault]:
    reached: list[nodes.Getattr | nodes.Getitem] = [
        *tree.find_all(nodes.Getattr),
        *tree.find_all(nodes.Getitem),
    ]
    for node in reached:
        name = _attribute(node)
        around = _reached(node.node, shape)
        if name is not None and isinstance(around, dict) and name not in around:
            yield _fault(path, template, node, name, list(around))


def _attribute(node: nodes.Getattr | nodes.Getitem) -> str | None:
    if isinstance(node, nodes.Getattr):
        return node.attr
    return node.arg.value if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str) else None


def _reached(node: nodes.Node, shape: Shape) -> Any:
    if isinstance(node, nodes.Name):
        return shape.get(node.name)
    if isinstance(node, nodes.Getattr | nodes.Getitem):
        around, name = _reached(node.node, shape), _attribute(node)
        return around.get(name) if isinstance(around, dict) and name else None
    return None


def _fault(path: Path, template: str, node: nodes.Node, name: str, known: list[str]) -> Fault:
    line = template.splitlines()[node.lineno - 1]
    column = max(line.find(name), 0) + 1
    return Fault(path, node.lineno, column, f"{name} is nothing that a template knows; {hint(name, known)}")


def _failures(path: Path, template: str, links: Mapping[str, str]) -> list[Fault]:
    """Render once with little known and once with all known, so that both sides of a condition run."""
    for facts in (_UNKNOWN, _KNOWN):
        try:
            text = render(template, replace(facts, platform=replace(facts.platform, links=links)), str)
        except RenderError as error:
            return [Fault(path, 1, 1, str(error))]
        if not text:
            return [Fault(path, 1, 1, "gives an empty message")]
    return []
