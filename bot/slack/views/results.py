"""What came of a request, for those who follow it: its end, a look afterwards, and a broken glass."""

from bot.remediation.nouns import GlassBroken, RequestEnded, Watched
from bot.slack.views.buttons import actions
from bot.slack.views.lines import notes, on_one_line, sections
from bot.slack.views.message import Message
from bot.slack.views.states import LOOK_FIRST, SIGNS
from bot.slack.views.text import escape, person
from bot.store.requests import DONE, FAILED, UNCLEAR, Request
from bot.verbs.replies import Button

_TITLE, _SENTENCE = 200, 2000
_VERDICTS = {
    True: "✅ {later} all is well",
    False: "⚠️ {later} something is wrong",
    None: "❔ {later} nobody can tell whether all is well",
}


def request_ended(noun: RequestEnded) -> Message:
    """To the thread: how a request ended, and the way back if there is one."""
    request = noun.request
    said = on_one_line(request.outcome or f"It is {request.state}.", _SENTENCE)
    text = f"{SIGNS.get(request.state, '')} *{request.ref}* {said}"
    lines = [LOOK_FIRST, text] if request.state == UNCLEAR else [text]
    offers = noun.can_undo and request.state in (DONE, FAILED, UNCLEAR)
    return Message("\n".join(lines), [*sections(lines), *actions([_take_back(request)] if offers else [])])


def _take_back(request: Request) -> Button:
    confirm = f"This asks for the way back of {request.ref}. Nothing is changed before that is allowed."
    return Button("Take it back", "request undo", request.ref, confirm=confirm)


def glass_broken(noun: GlassBroken) -> Message:
    """To everybody: somebody went round the approvals."""
    request = noun.request
    what = f"*{on_one_line(request.title, _TITLE)}* on {escape(noun.platform.title)}"
    text = f"🚨 {person(noun.by)} broke the glass for {request.ref}: {what} begins without waiting for anybody."
    lines = [text, f"*Why:* {on_one_line(noun.reason, _SENTENCE)}"]
    asked = f"Asked by {person(request.requested_by)} · this is marked in the audit log"
    return Message("\n".join(lines), [*sections(lines), *notes([asked])])


def watched(noun: Watched) -> Message:
    """To the thread: whether it stayed well."""
    request = noun.request
    later = "1 minute later" if noun.minutes == 1 else f"{noun.minutes} minutes later"
    verdict = _VERDICTS[noun.fine].format(later=later)
    text = f"{verdict}: {on_one_line(noun.sentence, _SENTENCE)}" if noun.sentence.strip() else f"{verdict}."
    about = f"{request.ref} {on_one_line(request.title, _TITLE)}"
    closing = f"{about} · this was the last look" if noun.last else f"{about} · it is looked at again"
    return Message(text, [*sections([text]), *notes([closing]), *actions([] if noun.fine else [_take_back(request)])])
