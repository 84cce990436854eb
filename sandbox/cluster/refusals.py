"""How the API says no: Status objects, in the words of Kubernetes."""

from typing import Any

from sandbox.cluster.kinds import Kind

Thing = dict[str, Any]


class Refused(Exception):
    """A request that is not done: HTTP status, Kubernetes' word for the reason, and its sentence."""

    def __init__(self, code: int, reason: str, message: str, details: Thing | None = None) -> None:
        super().__init__(message)
        self.code, self.reason, self.message, self.details = code, reason, message, details or {}

    def status(self) -> Thing:
        """Return the Status object."""
        return {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason,
            "details": self.details,
            "code": self.code,
        }


def success(kind: Kind, thing: Thing) -> Thing:
    """Return the Status of a deletion that is done."""
    details = {
        "name": thing["metadata"]["name"],
        "group": kind.group,
        "kind": kind.plural,
        "uid": thing["metadata"]["uid"],
    }
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}


def not_found(kind: Kind, name: str) -> Refused:
    """There is no such object."""
    return Refused(404, "NotFound", f'{kind.full} "{name}" not found', {"name": name, "kind": kind.plural})


def no_such_path() -> Refused:
    """There is no such kind."""
    return Refused(404, "NotFound", "the server could not find the requested resource")


def exists(kind: Kind, name: str) -> Refused:
    """There is one of that name already."""
    return Refused(409, "AlreadyExists", f'{kind.full} "{name}" already exists', {"name": name, "kind": kind.plural})


def conflict(kind: Kind, name: str, why: str = "") -> Refused:
    """It has changed since."""
    told = why or "the object has been modified; please apply your changes to the latest version and try again"
    return Refused(409, "Conflict", f'Operation cannot be fulfilled on {kind.full} "{name}": {told}')


def invalid(kind: Kind, name: str, fault: str) -> Refused:
    """It is not what an object of its kind must be."""
    title = f"{kind.kind}.{kind.group}" if kind.group else kind.kind
    return Refused(422, "Invalid", f'{title} "{name}" is invalid: {fault}', {"name": name, "kind": kind.kind})


def bad_request(message: str) -> Refused:
    """It cannot be read."""
    return Refused(400, "BadRequest", message)


def forbidden(kind: str, name: str, message: str) -> Refused:
    """It may not be done."""
    named = f' "{name}"' if name else ""
    return Refused(403, "Forbidden", f"{kind}{named} is forbidden: {message}", {"name": name, "kind": kind})
