"""Messages written from a platform's Jinja2 templates.

Templates run in a sandbox, know only the variables below, and everything that they print is escaped by the
caller's function unless it is `Mrkdwn` already. What nobody knows yet prints as `not known yet`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from bot.errors import RunbookError

NOT_KNOWN = "not known yet"

_UNESCAPED = ("safe", "forceescape", "xmlattr", "urlize", "tojson")  # these would print unescaped or HTML

Escape = Callable[[str], str]


class Mrkdwn(str):
    """Text that is already in Slack's mark-up (a mention, a link), so that it is printed as it is."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SeverityFacts:
    """What a template can say about a severity."""

    name: str
    title: str
    meaning: str
    label: str


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """What a template can say about an incident."""

    ref: str
    title: str
    severity: SeverityFacts


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    """What a template can say about the platform; `links` are web addresses by their name in platform.yml."""

    title: str
    links: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """The variables of every template; None is `not known yet`. People and channels come as mentions."""

    incident: IncidentFacts
    platform: PlatformFacts
    declared_by: Mrkdwn
    channel: Mrkdwn
    declared: str
    commander: Mrkdwn | None = None
    status: str | None = None
    impact: str | None = None
    actions: str | None = None
    eta: str | None = None
    next_update: str | None = None
    business_impact: str | None = None
    technical_details: str | None = None
    alternatives: str | None = None
    contact: str | None = None
    ended: str | None = None
    duration: str | None = None
    timeline: str | None = None
    root_cause: str | None = None
    contributing_factors: str | None = None
    resolution: str | None = None
    users_affected: str | None = None
    data_loss: str | None = None
    revenue_impact: str | None = None
    service_level_breach: str | None = None
    time_to_acknowledge: str | None = None
    time_to_resolve: str | None = None
    why_not_earlier: str | None = None
    follow_ups: str | None = None
    went_well: str | None = None
    went_badly: str | None = None


class RenderError(RunbookError):
    """A template cannot be rendered with these facts."""


class _Environment(SandboxedEnvironment):
    """Jinja2 without Python, without arithmetic that can run away, and with the caller's way to escape."""

    intercepted_binops = frozenset({"*", "**"})

    def __init__(self, escape: Escape) -> None:
        super().__init__(undefined=StrictUndefined, finalize=lambda value: _printed(value, escape), autoescape=False)
        self.globals.clear()
        for name in _UNESCAPED:
            del self.filters[name]
        self.filters["e"] = self.filters["escape"] = lambda value: Mrkdwn(escape(str(value)))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse what could make a text of any length out of a short template."""
        raise SecurityError(f"templates cannot calculate with {operator}")


def environment(escape: Escape) -> SandboxedEnvironment:
    """Return the environment in which templates are parsed and rendered."""
    return _Environment(escape)


@lru_cache(maxsize=256)
def _compiled(template: str, escape: Escape) -> Template:
    """Compiling takes milliseconds, and there are few templates."""
    return environment(escape).from_string(template)


def render(template: str, facts: Facts, escape: Escape) -> str:
    """Return the message.

    `escape` makes text of people harmless in the mark-up of the message's destination. Raises RenderError
    when the template fails; one that passed the lint does not.
    """
    variables = {entry.name: getattr(facts, entry.name) for entry in fields(facts)}
    try:
        text = _compiled(template, escape).render(variables)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise RenderError(f"cannot be filled in: {error}") from None
    return text.strip()


def _printed(value: object, escape: Escape) -> str:
    if isinstance(value, Mrkdwn):
        return value
    return NOT_KNOWN if value is None else escape(str(value))
