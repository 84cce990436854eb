"""The Web API methods, one file per family; `METHODS` finds the one that a call names."""

from collections.abc import Mapping

from sandbox.slack.api import (
    bookmarks,
    channels,
    chat,
    files,
    history,
    identity,
    listing,
    membership,
    pins,
    reactions,
    scheduling,
    usergroups,
    users,
    views,
)
from sandbox.slack.api.handler import Handler

METHODS: Mapping[str, Handler] = {
    **identity.METHODS,
    **chat.METHODS,
    **scheduling.METHODS,
    **channels.METHODS,
    **membership.METHODS,
    **listing.METHODS,
    **history.METHODS,
    **users.METHODS,
    **usergroups.METHODS,
    **views.METHODS,
    **pins.METHODS,
    **bookmarks.METHODS,
    **reactions.METHODS,
    **files.METHODS,
}

__all__ = ["METHODS", "Handler"]
