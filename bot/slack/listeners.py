"""Bolt's listeners: the same for Socket Mode and for HTTP."""

import asyncio
import logging
import re
from collections.abc import Coroutine
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.errors import OpsroomError, SlackError, StoreError
from bot.slack import arrivals
from bot.slack.arrivals import Arrival
from bot.slack.client import SlackClient
from bot.slack.performing import Performer
from bot.slack.receiving import NOT_TAKEN, Reception
from bot.slack.views import forms
from bot.slack.views.forms import CALLBACK
from bot.verbs.replies import Form
from bot.wallclock import Clock

logger = logging.getLogger(__name__)

_ANY = re.compile(".*")


class Listeners:
    """What Bolt calls when something arrives."""

    def __init__(self, reception: Reception, performer: Performer, client: SlackClient, clock: Clock) -> None:
        self._reception, self._performer = reception, performer
        self._client, self._clock = client, clock
        self._errands: set[asyncio.Task[None]] = set()

    def attach(self, app: AsyncApp) -> None:
        """Listen to everything that people do."""
        app.command(_ANY)(self.command)
        app.view(CALLBACK)(self.submission)
        app.action(_ANY)(self.action)

    async def command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Take a slash command."""
        arrival = arrivals.of_command(body, self._clock.now())
        try:
            fresh = await self._reception.take(arrival)
        except StoreError as error:
            logger.warning("A command was not taken: %s", error)
            await ack(NOT_TAKEN)
            return
        await ack()
        self._begin(arrival, fresh=fresh)

    async def action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Take a pressed button, or a field of a form that changed."""
        if body.get("view"):
            await ack()
            self._afterwards(self._redraw(body))
            return
        arrival = arrivals.of_click(body, self._clock.now())
        if arrival is None:
            await ack()
            return
        try:
            fresh = await self._reception.take(arrival)
        except StoreError as error:
            logger.warning("A click was not taken: %s", error)
            await ack()
            self._afterwards(self._apologize(arrival))
            return
        await ack()
        self._begin(arrival, fresh=fresh)

    async def submission(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Take a submitted form, or say beside its fields what is wrong."""
        arrival = arrivals.of_form(body, self._clock.now())
        try:
            wrong = await self._performer.checked(arrival.request, forms.shown(body["view"]))
            if isinstance(wrong, Form):
                await ack(response_action="update", view=forms.modal(wrong).to_dict())
                return
            if wrong:
                await ack(response_action="errors", errors=forms.errors(wrong, body["view"]))
                return
            fresh = await self._reception.take(arrival)
        except StoreError as error:
            logger.warning("A form was not taken: %s", error)
            await ack(response_action="errors", errors=forms.errors({"": NOT_TAKEN}, body["view"]))
            return
        except OpsroomError as error:
            await ack(response_action="errors", errors=forms.errors({"": str(error)}, body["view"]))
            return
        await ack()
        self._begin(arrival, fresh=fresh)

    def _afterwards(self, errand: Coroutine[Any, Any, None]) -> None:
        """Do something once the acknowledgement is on its way: it leaves when the listener returns."""
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    def _begin(self, arrival: Arrival, *, fresh: bool) -> None:
        if fresh:
            self._reception.begin(arrival.request)

    async def _redraw(self, body: dict[str, Any]) -> None:
        """Draw a form anew; one that is gone or was changed meanwhile needs no drawing."""
        view = body["view"]
        try:
            form = await self._performer.redrawn(arrivals.of_form(body, self._clock.now()).request)
            if form is not None:
                args = {"view_id": view["id"], "hash": view["hash"], "view": forms.modal(form).to_dict()}
                await self._client.call("views.update", args, urgent=True)
        except OpsroomError as error:
            logger.info("A form was not drawn anew: %s", error)

    async def _apologize(self, arrival: Arrival) -> None:
        try:
            await self._client.respond(arrival.request.reply_to or "", {"text": NOT_TAKEN, "replace_original": False})
        except SlackError as error:
            logger.warning("Nobody could be told: %s", error)
