"""Whether the port of a database takes connections: for `telnet [db-host] 5432`, whose host its address knows."""

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.http.connecting import connect
from bot.operations.http.nouns import TcpConnect
from bot.operations.http.places import Way
from bot.operations.output import Output
from bot.operations.postgres.address import Address
from bot.operations.words import holes_in

HOST, PORT = "db-host", "db-port"
"""The holes that a database's address fills."""

_SECONDS = 5.0
_USUAL = 5432


def is_own(operation: TcpConnect) -> bool:
    """Tell whether a connect is to the database's own host, whatever that is."""
    return holes_in(operation.host) == (HOST,)


async def knock(address: Address, operation: TcpConnect, limits: Limits) -> Output:
    """Open a connection to a port of the database's host and close it again; nothing is sent.

    Raises TargetRefused when the port is not known, and when the database is reached without one.
    """
    settings = address.settings
    hosts = (settings.get("hostaddr") or settings.get("host") or "localhost").split(",")
    if hosts[0].startswith(("/", "@")):
        raise TargetRefused("The database is reached through a socket in a folder: there is no port to look at.")
    port = operation.port
    if not isinstance(port, int):
        if port.name.lower().replace("_", "-") != PORT:
            raise TargetRefused(f"No value for {port.name}: a port is needed.")
        port = int((settings.get("port") or "").split(",")[0] or _USUAL)
    seconds = min(operation.seconds or _SECONDS, limits.seconds)
    return await connect(hosts[0], port, Way(hosts, port), seconds)
