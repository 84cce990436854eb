"""Puts the parts together; the only file that knows every adapter, and the settings."""

import asyncio
import gc
import importlib
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from bot.durable.dbos import DbosEngine
from bot.durable.engine import Engine, Guard
from bot.durable.replicas import Replicas
from bot.durable.timers import Timers
from bot.errors import SettingsError, SlackError, SlackRefused, StoreError
from bot.incidents import opening
from bot.incidents.declaring import Declarations
from bot.incidents.desk import Desk
from bot.incidents.nudging import Nudge
from bot.incidents.opening import Opening
from bot.incidents.parts import Workshop
from bot.incidents.timeline import StoredTimeline, Timeline
from bot.runbooks.loader import load_platforms
from bot.runbooks.platforms import Platforms
from bot.settings import Settings, read_settings
from bot.slack import outbox as outboxes
from bot.slack.client import SlackClient
from bot.slack.connection import SocketConnection, bolt_app, http_routes
from bot.slack.groups import Groups
from bot.slack.identity import Identity
from bot.slack.listeners import Listeners
from bot.slack.outbox import Outbox
from bot.slack.pacing import Pacing
from bot.slack.performing import Performer
from bot.slack.receiving import Reception
from bot.slack.rooms import SlackRooms
from bot.store.database import Store, open_store
from bot.store.migrate import migrate
from bot.verbs.catalogue import Catalogue, scan
from bot.verbs.inbox import Inbox
from bot.wallclock import Clock, SystemClock
from bot.web.health import Check, health_routes
from bot.web.server import web_server

__all__ = ["Opsroom", "Settings", "opsroom", "read_settings", "serve"]

logger = logging.getLogger(__name__)

EngineOf = Callable[[Store, str, Clock, Guard], Engine]

_DRAIN = 5.0
"""Seconds that work under way may take to end when the program is told to stop."""


@dataclass(frozen=True, slots=True)
class Opsroom:
    """Opsroom while it runs. `services` are the parts that verbs and schedules ask for, by their types."""

    services: dict[type, Any]
    catalogue: Catalogue
    reception: Reception
    outbox: Outbox
    timers: Timers
    replicas: Replicas
    engine: Engine
    store: Store
    port: int | None


@asynccontextmanager
async def opsroom(
    settings: Settings, clock: Clock | None = None, engine_of: EngineOf = DbosEngine
) -> AsyncIterator[Opsroom]:
    """Run Opsroom while the block runs: connected to Slack, working, ticking.

    `engine_of` makes the engine; tests hand in the one that works in memory. Raises SettingsError, RunbookError or StoreError when it cannot start, with a sentence that says why.
    """
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        platforms = load_platforms(settings.runbooks)
        store = await stack.enter_async_context(open_store(settings.database_url.get_secret_value()))
        await migrate(store)
        replicas = Replicas(store, clock, settings.replica, settings.dead_after)
        engine = engine_of(store, settings.replica, clock, replicas.guard)
        timers = Timers(store, clock, settings.replica)
        client = _client(settings, clock)
        stack.push_async_callback(client.close)
        outbox = Outbox(store, client, clock, settings.replica)
        timers.handle(outboxes.KIND, lambda timer: outbox.deliver(timer.key))
        identity = Identity(client)
        rooms = SlackRooms(client, outbox, Groups(client, clock), identity)
        services = _services(store, engine, rooms, platforms, timers, clock)
        catalogue = scan("commands")
        services[Catalogue] = catalogue
        performer = Performer(catalogue, services, store, platforms, client, rooms)
        reception = Reception(store, performer, clock, settings.replica)
        services |= {Inbox: reception, Replicas: replicas}
        catalogue.check(services)

        await _greet(identity)
        await replicas.join()
        await engine.launch()
        replicas.on_loss(engine.adopt, engine.owners)
        for adopt in (timers.adopt, outbox.adopt, reception.adopt):
            replicas.on_loss(adopt)
        stack.push_async_callback(_hand_over, replicas, engine, reception, outbox)
        await replicas.sweep()
        await outbox.resume()
        beating = asyncio.create_task(_beat(replicas, settings.heartbeat, clock), name="heartbeat")
        stack.callback(beating.cancel)
        clockwork = importlib.import_module("schedules.clock").Clockwork(services)
        clockwork.start()
        stack.callback(clockwork.stop)
        port = await _open_doors(stack, settings, identity, Listeners(reception, performer, client, clock), store)
        yield Opsroom(services, catalogue, reception, outbox, timers, replicas, engine, store, port)


async def _beat(replicas: Replicas, every: float, clock: Clock) -> None:
    """Say that we live, and look after those who no longer do."""
    while not replicas.displaced:
        try:
            await replicas.beat()
            await replicas.sweep()
        except StoreError as error:
            logger.warning("No sign of life could be given: %s", error)
        await clock.sleep(every)


def _client(settings: Settings, clock: Clock) -> SlackClient:
    pacing = Pacing(clock, enforce=settings.slack_pacing)
    return SlackClient(settings.slack_bot_token.get_secret_value(), clock, base_url=settings.slack_url, pacing=pacing)


def _services(
    store: Store, engine: Engine, rooms: SlackRooms, platforms: Platforms, timers: Timers, clock: Clock
) -> dict[type, Any]:
    opening.register(engine, Opening(Workshop(store, rooms, platforms), timers, clock))
    Nudge(store, rooms, platforms, clock).listen(timers)
    return {
        Declarations: Declarations(store, engine),
        Desk: Desk(store, engine, rooms, platforms, timers),
        Timeline: StoredTimeline(store),
        Platforms: platforms,
        Timers: timers,
    }


async def _greet(identity: Identity) -> None:
    """Find out early whether Slack knows us; when it does not answer, go on: it will."""
    try:
        me = await identity.me(patience=2.0)
    except SlackRefused as refused:
        raise SettingsError(f"Slack does not accept OPSROOM_SLACK_BOT_TOKEN: {refused.code}.") from None
    except SlackError as error:
        logger.warning("Starting all the same: %s", error)
    else:
        logger.info("Working as @%s in %s.", me.user, me.team)


async def _open_doors(
    stack: AsyncExitStack, settings: Settings, identity: Identity, listeners: Listeners, store: Store
) -> int | None:
    """Let Slack in, and those who ask after our health; return the web doorway's port if there is one."""
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None
    app = bolt_app(identity, settings.slack_url, secret, listeners)
    checks: dict[str, Check] = {"store": lambda: _fault(store)}
    routes = []
    if settings.slack_mode == "http":
        routes = http_routes(app)
    elif settings.slack_app_token is not None:
        connection = SocketConnection(app, settings.slack_app_token.get_secret_value(), settings.slack_url)
        checks["slack"] = connection.fault
        await connection.open()
        stack.push_async_callback(connection.close)
    if settings.web_port is None:
        return None
    return await stack.enter_async_context(
        web_server([*health_routes(checks), *routes], settings.host, settings.web_port)
    )


async def _fault(store: Store) -> str | None:
    try:
        async with store.read():
            return None
    except StoreError as error:
        return str(error)


async def _hand_over(replicas: Replicas, engine: Engine, reception: Reception, outbox: Outbox) -> None:
    """Let work end, then leave the rest to others: only once this process has stopped working on it."""
    await reception.drain(_DRAIN)
    await engine.close()
    await outbox.close()
    with suppress(StoreError):
        await replicas.leave()


async def serve(settings: Settings) -> bool:
    """Run until SIGTERM or SIGINT; then let work end and hand the rest over.

    Return False when it ended because other replicas took its work over: then it is to be started anew.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with opsroom(settings) as running:
        # What is there now stays; looking through it for garbage again and again would stop everything for 0.1 s.
        gc.collect()
        gc.freeze()
        where = f", web doorway on port {running.port}" if running.port is not None else ""
        logger.info("Opsroom is ready%s.", where)
        while not stop.is_set() and not running.replicas.displaced:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 1.0)
        logger.info("Stopping.")
    return not running.replicas.displaced
