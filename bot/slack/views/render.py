"""Which view shows which noun."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.access.audit import AuditPage
from bot.diagnosis.report import Evidence, Excerpt, Report, Unshared
from bot.incidents import nouns
from bot.remediation import nouns as remediation
from bot.slack.views import (
    actions,
    audit,
    diagnosis,
    incidents,
    replies,
    requests,
    results,
    rollbacks,
    switches,
    troubles,
    walkthroughs,
)
from bot.slack.views.message import Message
from bot.verbs.replies import HelpPage, Refused, Said
from bot.walkthroughs.nouns import ProcedureList, ProcedurePage, WalkthroughBoard

VIEWS: Mapping[type, Callable[[Any], Message]] = {
    Said: replies.said,
    Refused: replies.refused,
    HelpPage: replies.help_page,
    nouns.Header: incidents.header,
    nouns.Opened: incidents.opened,
    nouns.NotOpened: incidents.not_opened,
    nouns.Similar: incidents.similar,
    nouns.Announcement: incidents.announcement,
    nouns.Acknowledged: incidents.acknowledged,
    nouns.AcknowledgedBefore: incidents.acknowledged_before,
    nouns.AcknowledgedNote: incidents.acknowledged_note,
    nouns.Joined: incidents.joined,
    nouns.Unacknowledged: incidents.unacknowledged,
    nouns.IncidentList: incidents.incident_list,
    nouns.IncidentCard: incidents.card,
    nouns.TroubleNote: troubles.trouble_note,
    nouns.Mended: troubles.mended,
    Report: diagnosis.report,
    Evidence: diagnosis.table,
    Excerpt: diagnosis.excerpt,
    Unshared: diagnosis.unshared,
    WalkthroughBoard: walkthroughs.board,
    ProcedureList: walkthroughs.procedure_list,
    ProcedurePage: walkthroughs.procedure_page,
    AuditPage: audit.audit_page,
    remediation.RequestBoard: requests.board,
    remediation.RequestList: requests.request_list,
    remediation.RequestEnded: results.request_ended,
    remediation.GlassBroken: results.glass_broken,
    remediation.Watched: results.watched,
    remediation.RollbackOffer: rollbacks.rollback_offer,
    remediation.ActionList: actions.action_list,
    remediation.SwitchBoard: switches.switch_board,
}


def message_for(noun: Any) -> Message:
    """Return the message that shows a noun."""
    return VIEWS[type(noun)](noun)
