"""The form in which somebody types a name, so that nothing final is asked for by accident."""

from collections.abc import Mapping

from bot.remediation.asking import ConfirmationMissing
from bot.verbs.replies import Field, FieldKind, Form

_LONGEST = 200


def confirmation(path: str, title: str, missing: ConfirmationMissing, kept: Mapping[str, str]) -> Form:
    """Return the form that asks for the name; what was said so far goes along as `kept`."""
    field = Field("typed", f"Type {missing.name}", FieldKind.LINE, hint="Then it is asked for.", max_length=_LONGEST)
    known = {name: value for name, value in kept.items() if value}
    return Form(path, title, "Ask for it", (field,), notes=(str(missing),), kept=known)
