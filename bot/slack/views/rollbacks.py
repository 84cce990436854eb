"""Rollbacks: the revisions of a service, the one to go back to, and what speaks for it."""

from functools import partial

from slack_sdk.models.blocks import Block

from bot.remediation.nouns import Release, RollbackOffer
from bot.runbooks.spans import spoken
from bot.slack.views import changes
from bot.slack.views.buttons import actions
from bot.slack.views.lines import code, notes, on_one_line, sections
from bot.slack.views.message import Message
from bot.slack.views.shrinking import longest_that_fits
from bot.slack.views.text import escape, moment
from bot.verbs.replies import Button

_NAME = 100
_PIECES = (200, 100, 50, 25)
_SHOWN, _IMAGES, _OTHERS, _MIGRATIONS = 20, 3, 4, 5
"""Revisions that are told, images of one, revisions beside the proposed one that have a button, and migrations."""


def rollback_offer(noun: RollbackOffer) -> Message:
    """The revisions of a service, with a button for the one to go back to."""
    head = f"⏪ *{on_one_line(noun.service, _NAME)}* on {escape(noun.platform.title)}. {_advice(noun)}"
    below = [*actions(_buttons(noun)), *_schema(noun)]
    body = longest_that_fits(partial(_body, noun), _PIECES, [*sections([head]), *below])
    return Message(head, [*sections([head]), *body, *below])


def _advice(noun: RollbackOffer) -> str:
    if noun.proposed is not None:
        return f"Go back to {noun.proposed}, which has proven itself."
    if not any(not release.running for release in noun.releases):
        return "There is no earlier revision to go back to."
    return "No earlier revision has proven itself; choose one."


def _body(noun: RollbackOffer, limit: int) -> list[Block]:
    lines = [_line(release, noun.proposed, limit) for release in noun.releases[:_SHOWN]]
    hidden = len(noun.releases) - _SHOWN
    criteria = list(changes.signs(noun.criteria, limit))
    return [
        *sections(lines),
        *notes([f"And {hidden} older."] if hidden > 0 else []),
        *sections(["*Reasons to go back*", *criteria] if criteria else []),
    ]


def _line(release: Release, proposed: int | None, limit: int) -> str:
    """Return a revision: its marks, its images, when it was made and how long it served."""
    marks = [word for word, so in _marks(release, proposed) if so]
    images = ", ".join(_image(image, limit) for image in release.images[:_IMAGES]) or "no image"
    more = len(release.images) - _IMAGES
    parts = [f"*{release.number}* {images}{f' and {more} more' if more > 0 else ''}", *marks]
    facts = [f"made {moment(release.made_at)}", f"served for {spoken(release.served)}"]
    facts += [on_one_line(release.cause, limit)] if release.cause.strip() else []
    return f"{' · '.join(parts)}\n    {' · '.join(facts)}"


def _image(image: str, limit: int) -> str:
    """Return an image as code; of a long one its end, which tells it from others."""
    return code(image if len(image) <= limit else f"…{image[1 - limit :]}", limit)


def _marks(release: Release, proposed: int | None) -> tuple[tuple[str, bool], ...]:
    return (
        ("▶️ running", release.running),
        ("🟢 proven", release.proven),
        ("👉 proposed", release.number == proposed),
    )


def _buttons(noun: RollbackOffer) -> list[Button]:
    """Return a button for the proposed revision, and for the newest others that do not run."""
    others = [each.number for each in noun.releases if not each.running and each.number != noun.proposed]
    numbers = [*([noun.proposed] if noun.proposed is not None else []), *others[:_OTHERS]]
    return [_button(noun, number) for number in numbers]


def _button(noun: RollbackOffer, number: int) -> Button:
    where = f"{noun.platform.name} {noun.service} {number}"
    style = "primary" if number == noun.proposed else None
    return Button(f"Roll back to {number}", "rollback", where, style=style)


def _schema(noun: RollbackOffer) -> list[Block]:
    """Return how to ask for the way back of the database's schema, which no rollback brings along."""
    names = noun.migrations[:_MIGRATIONS]
    if not names:
        return []
    told = "The database's schema stays as it is. If the older revision cannot work with it, ask for that as well:"
    return [*notes([told]), *actions([_migration(noun, name) for name in names])]


def _migration(noun: RollbackOffer, name: str) -> Button:
    action = noun.platform.actions.get(name)
    return Button(f"Ask for: {action.title if action else name}", "run", f"{noun.platform.name} {name}")
