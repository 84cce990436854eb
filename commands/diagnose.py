"""Look at what is wrong, and change nothing: a platform's first look, a procedure's diagnosis, or a single probe.

`/diagnose social-live` runs the initial assessment, `/diagnose social-live service-down` what that runbook looks at,
`/diagnose social-live pods` one probe. In an incident's room the platform is known. Values that a command line needs
are given behind it (`pod-name=web-1`), or asked for. Findings come as they are there, the worst first, with what to do
next; logs, tables and pictures are in the thread. Operators ask for what is restricted by itself, and see it alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.diagnosis.binding import refuse_strangers
from bot.diagnosis.report import Inquiry
from bot.diagnosis.reporting import Reports
from bot.diagnosis.restricted import require_rights
from bot.errors import BadInput
from bot.nearest import one_of
from bot.runbooks.platform import Platform
from bot.verbs.arguments import Hint
from bot.verbs.parameters import field_name, form_for_values
from bot.verbs.readers import Given, Subject
from bot.verbs.replies import Form
from bot.verbs.request import Request
from bot.verbs.scene import Scene

ACCESS = Role.RESPONDER
WAITS = True


@dataclass(frozen=True, slots=True)
class Arguments:
    """Where to look, and at what."""

    platform: Annotated[Platform, Hint("Where to look.")]
    subject: Annotated[Subject | None, Hint("A runbook's procedure or one probe; the first look if left out.")] = None
    given: Annotated[Given | None, Hint("Values that the command lines need, like pod-name=web-1.")] = None


async def run(request: Request, scene: Scene, arguments: Arguments, reports: Reports) -> Form | None:
    """Diagnose; the report fills up in the channel."""
    scene.rights.require(ACCESS, arguments.platform.name)
    given: Mapping[str, str] = arguments.given or {}
    inquiry = _inquiry(request, scene, arguments)
    if not inquiry.probes:
        raise BadInput(_nothing_to_ask(inquiry))
    require_rights(scene.rights, inquiry.platform, inquiry.probes)
    refuse_strangers(inquiry.probes, given)
    missing, wrong = inquiry.missing(), inquiry.wrong()
    if wrong or (missing and (len(inquiry.probes) == 1 or not all(given.values()))):
        kept = {"platform": inquiry.platform.name, "subject": inquiry.subject.name if inquiry.subject else ""}
        return form_for_values("diagnose", inquiry.title, missing, inquiry.given, kept, wrong)
    await reports.report(inquiry)
    return None


async def check(request: Request, scene: Scene, arguments: Arguments) -> Mapping[str, str]:
    """Return what is wrong with the values of the form, by field."""
    return {field_name(name): said for name, said in _inquiry(request, scene, arguments).wrong().items()}


def _inquiry(request: Request, scene: Scene, arguments: Arguments) -> Inquiry:
    return Inquiry(
        key=request.id,
        platform=arguments.platform,
        subject=arguments.subject,  # type: ignore[arg-type]  # its reader returns nothing else
        given={name: value for name, value in (arguments.given or {}).items() if value},
        by=request.by,
        at=request.at,
        channel=request.channel,
        reply_to=request.reply_to,
        incident=scene.incident.number if scene.incident and scene.platform == arguments.platform.name else None,
    )


def _nothing_to_ask(inquiry: Inquiry) -> str:
    name = inquiry.platform.name
    if inquiry.withheld:
        how = one_of((f"/diagnose {name} {probe.name}" for probe in inquiry.withheld), "and")
        return f"“{inquiry.title}” looks only at what is restricted. Operators ask for it by {how}."
    if inquiry.procedure:
        how = f"/runbook show {name} {inquiry.procedure.name} says how"
        return f"“{inquiry.title}” leaves all the looking to people; {how}."
    return f"{inquiry.platform.title} has no initial assessment. Say what to look at; /runbook list {name} shows it."
