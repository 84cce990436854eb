"""One reader per type of argument: which words are its own, what they mean, and how a form asks for it."""

from collections.abc import Mapping
from typing import Any

from bot.runbooks.platform import Platform, Severity
from bot.verbs.readers.action import (
    ActionNamed,
    ActionReader,
    PodCount,
    PodCountReader,
    RequestNumber,
    RequestReader,
    RevisionNumber,
    RevisionReader,
    ServiceName,
    ServiceReader,
    Typed,
    TypedReader,
)
from bot.verbs.readers.given import Given, GivenReader
from bot.verbs.readers.incident import IncidentNumber, IncidentReader
from bot.verbs.readers.on_off import OnOff, OnOffReader
from bot.verbs.readers.page import BeforeNumber, BeforeReader
from bot.verbs.readers.person import PersonId, PersonReader
from bot.verbs.readers.platform import PlatformReader
from bot.verbs.readers.reader import Missing, Reader
from bot.verbs.readers.severity import SeverityReader
from bot.verbs.readers.subject import ProcedureNamed, ProcedureReader, Subject, SubjectReader
from bot.verbs.readers.text import TextReader, WordReader, WordText
from bot.verbs.readers.walk import StepNumber, StepReader, WalkNumber, WalkReader

READERS: Mapping[Any, Reader] = {
    Platform: PlatformReader(),
    Severity: SeverityReader(),
    IncidentNumber: IncidentReader(),
    Subject: SubjectReader(),
    ProcedureNamed: ProcedureReader(),
    WalkNumber: WalkReader(),
    StepNumber: StepReader(),
    ActionNamed: ActionReader(),
    RequestNumber: RequestReader(),
    RevisionNumber: RevisionReader(),
    PodCount: PodCountReader(),
    ServiceName: ServiceReader(),
    Typed: TypedReader(),
    Given: GivenReader(),
    OnOff: OnOffReader(),
    PersonId: PersonReader(),
    BeforeNumber: BeforeReader(),
    WordText: WordReader(),
    str: TextReader(),
}

__all__ = [
    "READERS",
    "ActionNamed",
    "BeforeNumber",
    "Given",
    "IncidentNumber",
    "Missing",
    "OnOff",
    "PersonId",
    "PodCount",
    "ProcedureNamed",
    "Reader",
    "RequestNumber",
    "RevisionNumber",
    "ServiceName",
    "StepNumber",
    "Subject",
    "Typed",
    "WalkNumber",
    "WordReader",
    "WordText",
]
