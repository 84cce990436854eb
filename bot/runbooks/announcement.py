"""The announcement of a new incident, and the facts from which all messages about it are written."""

from bot.runbooks.platform import Platform, Severity
from bot.runbooks.templates import Escape, Facts, IncidentFacts, Mrkdwn, PlatformFacts, SeverityFacts, render


def facts_about(
    platform: Platform,
    severity: Severity,
    *,
    ref: str,
    title: str,
    declared: str,
    declared_by: Mrkdwn,
    channel: Mrkdwn,
) -> Facts:
    """Return what is known when an incident is declared; `dataclasses.replace` adds what is learnt later.

    `ref` and `title` are plain text, `declared` is the moment as people read it, the rest are mentions.
    """
    return Facts(
        incident=IncidentFacts(
            ref, title, SeverityFacts(severity.name, severity.title, severity.meaning, severity.label)
        ),
        platform=PlatformFacts(platform.title, {key: link.url for key, link in platform.links.items() if link.url}),
        declared_by=declared_by,
        channel=channel,
        declared=declared,
    )


def announcement(platform: Platform, facts: Facts, escape: Escape) -> str:
    """Return the announcement of an incident in the mark-up for which `escape` escapes."""
    return render(platform.templates[platform.announcement.template], facts, escape)
