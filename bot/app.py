"""Puts the parts together; the only file that knows every adapter, and the settings."""

import asyncio
import gc
import importlib
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.access.approvers import Approvers
from bot.access.audit import AuditLog
from bot.access.holding import Holding
from bot.access.people import People
from bot.access.redaction import redact
from bot.diagnosis.connected import ConnectedTargets
from bot.diagnosis.diagnosis import Diagnosis
from bot.diagnosis.ports import Reader, Targets
from bot.diagnosis.reporting import Reports
from bot.durable.dbos import DbosEngine
from bot.durable.engine import Engine, Guard
from bot.durable.replicas import Replicas
from bot.durable.timers import Timers
from bot.errors import OpsroomError, SettingsError, SlackError, SlackRefused, StoreError
from bot.incidents import opening
from bot.incidents.declaring import Declarations
from bot.incidents.desk import Desk
from bot.incidents.opening import Opening
from bot.incidents.parts import Workshop
from bot.incidents.reminding import AcknowledgementReminder
from bot.incidents.timeline import StoredTimeline, Timeline
from bot.operations.http.places import read_places
from bot.remediation.changers import TargetChangers
from bot.remediation.parts import Ground, remediation
from bot.remediation.showing import Showing
from bot.runbooks.loader import load_platforms
from bot.runbooks.platforms import Platforms
from bot.runbooks.reloading import Reloading
from bot.settings import Settings, read_settings, secret, store_address
from bot.slack.client import SlackClient
from bot.slack.connection import SocketConnection, bolt_app, http_routes
from bot.slack.groups import Groups, SlackDirectory
from bot.slack.identity import Identity
from bot.slack.listeners import Listeners
from bot.slack.outbox import Outbox
from bot.slack.pacing import Pacing
from bot.slack.performing import Performer
from bot.slack.receiving import Reception
from bot.slack.rooms import SlackRooms
from bot.store.database import Store, open_store
from bot.store.migrate import migrate
from bot.verbs.catalogue import Catalogue, Services, scan
from bot.verbs.inbox import Inbox
from bot.verbs.scene import Scenery
from bot.walkthroughs.walking import Walkthroughs
from bot.wallclock import Clock, SystemClock
from bot.web.health import Check, health_routes
from bot.web.server import web_server

__all__ = ["Opsroom", "Settings", "opsroom", "read_settings", "serve", "store_address"]

logger = logging.getLogger(__name__)

EngineOf = Callable[[Store, str, Clock, Guard], Engine]

_DRAIN = 5.0
"""Seconds that work under way may take to end when the program is told to stop."""


@dataclass(frozen=True, slots=True)
class Opsroom:
    """The parts of Opsroom. `services` are those that verbs and schedules ask for, by their types.

    `port` is the web doorway's, once it is open.
    """

    settings: Settings
    clock: Clock
    store: Store
    replicas: Replicas
    engine: Engine
    timers: Timers
    client: SlackClient
    identity: Identity
    outbox: Outbox
    reception: Reception
    listeners: Listeners
    services: Services
    port: int | None = None


@asynccontextmanager
async def opsroom(
    settings: Settings,
    clock: Clock | None = None,
    engine_of: EngineOf = DbosEngine,
    targets: Targets | None = None,
) -> AsyncIterator[Opsroom]:
    """Run Opsroom while the block runs: connected to Slack, working, ticking.

    `engine_of` makes the engine; tests hand in the one that works in memory, and `targets` of their own. Raises
    SettingsError, RunbookError or StoreError when it cannot start, with a sentence that says why.
    """
    platforms = load_platforms(settings.runbooks)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(settings.database_url.get_secret_value()))
        await migrate(store)
        targets = targets or ConnectedTargets(secret, redact, places=read_places(settings.hosts))
        stack.push_async_callback(targets.close)
        parts = _assembled(settings, clock or SystemClock(), store, platforms, engine_of, targets)
        stack.push_async_callback(parts.client.close)
        await _begin(stack, parts)
        port = await _open_doors(stack, parts)
        if isinstance(targets, ConnectedTargets):
            stack.push_async_callback(_given_up, asyncio.create_task(_warm(targets, platforms), name="warming"))
        yield replace(parts, port=port)


def _assembled(
    settings: Settings, clock: Clock, store: Store, platforms: Platforms, engine_of: EngineOf, targets: Targets
) -> Opsroom:
    """Make the parts and show them to each other; nothing happens yet."""
    replica, catalogue = settings.replica, scan("commands")
    replicas, timers = Replicas(store, clock, replica, settings.dead_after), Timers(store, clock, replica)
    engine = engine_of(store, replica, clock, replicas.guard)
    client = _client(settings, clock, replicas.guard)
    identity, outbox = Identity(client), Outbox(store, client, clock, replica)
    outbox.attend(timers)
    rooms = SlackRooms(client, outbox, Groups(client, clock), identity)
    diagnosis = Diagnosis(Reader(targets))
    reports = Reports(diagnosis, rooms, store, clock)
    opening.register(engine, Opening(Workshop(store, rooms, platforms, reports), clock))
    AcknowledgementReminder(store, rooms, platforms, clock).listen(timers)
    timeline, people = StoredTimeline(store), People(SlackDirectory(client), clock)
    ground = Ground(store, clock, engine, timers, platforms, Approvers(people))
    services: dict[type, Any] = {
        AuditLog: AuditLog(store),
        Catalogue: catalogue,
        Clock: clock,
        Declarations: Declarations(store, engine),
        Desk: Desk(store, engine, rooms, platforms),
        Engine: engine,
        Platforms: platforms,
        Reports: reports,
        Timeline: timeline,
        Timers: timers,
        Walkthroughs: Walkthroughs(store, platforms, diagnosis, rooms),
        **remediation(ground, TargetChangers(targets, redact), diagnosis, rooms),
    }
    scenery = Scenery(store, platforms, Holding(people))
    performer = Performer(catalogue, services, scenery, client, rooms)
    reception = Reception(store, performer, clock, replica)
    services[Inbox] = reception
    catalogue.check(services)
    listeners = Listeners(reception, performer, client, clock)
    return Opsroom(
        settings, clock, store, replicas, engine, timers, client, identity, outbox, reception, listeners, services
    )


def _client(settings: Settings, clock: Clock, guard: Guard) -> SlackClient:
    pacing, token = Pacing(clock, enforce=settings.slack_pacing), settings.slack_bot_token.get_secret_value()
    return SlackClient(token, clock, base_url=settings.slack_url, pacing=pacing, guard=guard)


async def _begin(stack: AsyncExitStack, parts: Opsroom) -> None:
    """Become one of the replicas, go on with what is unfinished, and tick; when the stack ends, hand over."""
    await _greet(parts.identity)
    await parts.replicas.join()
    await parts.engine.launch()
    parts.replicas.on_loss(parts.engine.adopt, parts.engine.owners)
    for part in (parts.timers, parts.outbox):
        parts.replicas.on_loss(part.adopt)
    parts.replicas.on_loss(parts.reception.adopt, parts.reception.owners)
    heartbeat = asyncio.create_task(_again_and_again(parts, parts.replicas.beat), name="heartbeat")
    stack.push_async_callback(_hand_over, parts, heartbeat)
    await parts.replicas.sweep()
    await parts.outbox.resume()
    watch = asyncio.create_task(_again_and_again(parts, parts.replicas.sweep), name="watch")
    stack.callback(watch.cancel)
    clockwork = importlib.import_module("schedules.clock").Clockwork(parts.services)
    clockwork.start()
    stack.callback(clockwork.stop)


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


async def _again_and_again(parts: Opsroom, deed: Callable[[], Awaitable[object]]) -> None:
    """Say that we live, or look after those who no longer do. Whatever goes wrong once, the next time comes.

    The two go their own ways: taking over can take long, and who is silent meanwhile is taken over himself.
    """
    while not parts.replicas.displaced:
        try:
            await deed()
        except OpsroomError as error:
            logger.warning("No sign of life was given or looked for: %s", error)
        except Exception:
            logger.exception("A sign of life was not given or not looked for")
        await parts.clock.sleep(parts.settings.heartbeat)


async def _hand_over(parts: Opsroom, heartbeat: "asyncio.Task[None]") -> None:
    """Let work end, then leave the rest to others: only once this process has stopped working on it."""
    await parts.reception.drain(_DRAIN)
    await parts.engine.close()
    await parts.services[Showing].close()
    await parts.outbox.close()
    heartbeat.cancel()
    await asyncio.gather(heartbeat, return_exceptions=True)
    with suppress(StoreError):
        await parts.replicas.leave()


async def _open_doors(stack: AsyncExitStack, parts: Opsroom) -> int | None:
    """Let Slack in, and those who ask after our health; return the web doorway's port if there is one."""
    settings = parts.settings
    checks: dict[str, Check] = {"store": partial(_fault, parts.store)}
    routes = []
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None
    app = bolt_app(parts.identity, settings.slack_url, secret, parts.listeners)
    if settings.slack_mode == "http":
        routes = http_routes(app)
    elif settings.slack_app_token is not None:
        connection = SocketConnection(app, settings.slack_app_token.get_secret_value(), settings.slack_url)
        checks["slack"] = connection.fault
        stack.push_async_callback(connection.close)
        await connection.open()
    if settings.web_port is None:
        return None
    return await stack.enter_async_context(
        web_server([*health_routes(checks), *routes], settings.host, settings.web_port)
    )


async def _warm(targets: ConnectedTargets, platforms: Platforms) -> None:
    """Make the targets ready to be asked, while we work already; when that fails, who asks first waits longer."""
    try:
        await targets.warm(platforms)
    except Exception as error:  # noqa: BLE001 - one line is enough: whoever asks that target is told the rest
        logger.warning("The targets were not made ready: %s", type(error).__name__)


async def _given_up(task: "asyncio.Task[None]") -> None:
    """Call a task off, and wait until it has ended."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _fault(store: Store) -> str | None:
    try:
        async with store.read():
            return None
    except StoreError as error:
        return str(error)


async def serve(settings: Settings) -> bool:
    """Run until SIGTERM or SIGINT; then let work end and hand the rest over. SIGHUP reads the runbooks again.

    Return False when it ended because other replicas took its work over: then it is to be started anew.
    """
    stop, asked_early = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, asked_early.set)  # without one it ends the process
    async with opsroom(settings) as running:
        runbooks = Reloading(running.services[Platforms], settings.runbooks)
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, runbooks.ask)
        if asked_early.is_set():
            runbooks.ask()
        # What is there now stays; looking through it for garbage, now or again and again, would stop all for 0.1 s.
        gc.freeze()
        gc.enable()
        where = f", web doorway on port {running.port}" if running.port is not None else ""
        logger.info("Opsroom is ready%s.", where)
        while not stop.is_set() and not running.replicas.displaced:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 1.0)
        logger.info("Stopping.")
    return not running.replicas.displaced
