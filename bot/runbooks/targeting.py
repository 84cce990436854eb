"""Which of several targets of a kind an operation is meant for: by its host, or by its program."""

from urllib.parse import urlsplit

from bot.operations.http.nouns import HttpRequest, TcpConnect
from bot.operations.job.nouns import Job
from bot.operations.operation import Operation
from bot.runbooks.targets import HttpTarget, JobTarget, Target

_USUAL = {"http": 80, "https": 443}


def meant_for(target: Target, operation: Operation) -> bool:
    """Tell whether a target of the operation's kind is the one that lists its host or its program."""
    match target:
        case HttpTarget():
            host = host_of(operation)
            return host is not None and any(meets(host, known) for known in target.hosts)
        case JobTarget() if isinstance(operation, Job):
            return operation.program in target.programs
    return True


def host_of(operation: Operation) -> str | None:
    """Return the host that an operation speaks to, with its port unless that is the usual one; None when none is."""
    match operation:
        case HttpRequest(url=url):
            return _host_of_url(url)
        case TcpConnect(host=host, port=int(port)):
            return f"{host}:{port}"
        case TcpConnect(host=host):
            return host
    return None


def _host_of_url(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        name, port = parts.hostname or "", parts.port
    except ValueError:  # a hole where the port is
        return None
    return f"{name}:{port}" if port and port != _USUAL.get(parts.scheme) else name


def meets(host: str, known: str) -> bool:
    """Tell whether a host is one that is listed; one that is listed without a port has all of its ports."""
    return host == known or (":" not in known and host.rpartition(":")[0] == known)
