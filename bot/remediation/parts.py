"""The parts of the one path, put together: what verbs ask for, what the clock calls, what the engine runs."""

from dataclasses import dataclass
from typing import Any

from bot.access.approvers import Approvers
from bot.diagnosis.diagnosis import Diagnosis
from bot.durable.engine import Engine
from bot.durable.timers import Timers
from bot.remediation.afterwards import Afterwards
from bot.remediation.asking import Asking
from bot.remediation.carrying_out import CarryingOut
from bot.remediation.deciding import RUN, Deciding
from bot.remediation.ending import Ending
from bot.remediation.looking import Requests
from bot.remediation.planning import Planner
from bot.remediation.ports import Board, Changers
from bot.remediation.rolling_back import RollingBack
from bot.remediation.showing import Showing
from bot.remediation.switching import Switches
from bot.remediation.verifying import Verifying
from bot.runbooks.platforms import Platforms
from bot.store.database import Store
from bot.wallclock import Clock


@dataclass(frozen=True, slots=True)
class Ground:
    """What the one path stands on."""

    store: Store
    clock: Clock
    engine: Engine
    timers: Timers
    platforms: Platforms
    approvers: Approvers


def remediation(ground: Ground, changers: Changers, diagnosis: Diagnosis, board: Board) -> dict[type, Any]:
    """Register the workflow and the timers, and return the services, by their types."""
    store, clock, engine, platforms = ground.store, ground.clock, ground.engine, ground.platforms
    showing, planner, verifying = Showing(store, platforms, board), Planner(changers), Verifying(changers, diagnosis)
    ending = Ending(store, clock, engine, showing)
    CarryingOut(store, clock, changers, planner, verifying, showing, ending).register(engine, RUN)
    Afterwards(store, clock, verifying, showing).listen(ground.timers)
    deciding = Deciding(store, engine, showing, board, ground.approvers)
    deciding.listen(ground.timers)
    return {
        Asking: Asking(store, planner, showing),
        Deciding: deciding,
        Requests: Requests(store, platforms, showing),
        Showing: showing,
        Switches: Switches(store, platforms),
        RollingBack: RollingBack(changers, verifying, clock),
    }
