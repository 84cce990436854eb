"""Sample values for the holes of the runbooks' lines."""

import re
from collections.abc import Mapping

from bot.runbooks.parameters import Parameter, ParameterKind

_BY_NAME = {
    "column": "created_at",
    "configmap": "settings",
    "node": "node-1",
    "pid": "2147483647",
    "replicas": "3",
    "revision": "1",
    "number": "1",
    "table": "orders",
}
"""What has to be there, or to make sense to the server, however it is asked for."""
_BY_KIND = {
    ParameterKind.TEXT: "sample",
    ParameterKind.DEPLOYMENT: "backend",
    ParameterKind.NUMBER: "2",
    ParameterKind.DURATION: "5m",
    ParameterKind.TIME: "2026-01-05T10:00:00Z",
    ParameterKind.NAME: "sample",
    ParameterKind.HOST: "host.example.com",
    ParameterKind.SQL: "SELECT count(*) FROM users",
}


def samples(parameters: Mapping[str, Parameter], pod: str) -> dict[str, str]:
    """Return a value for every parameter; `pod` is one that exists."""
    return {name: _sample(name, parameter, pod) for name, parameter in parameters.items()}


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with values in its holes: `<backup-date>`, `$BACKUP_DATE` and `${BACKUP_DATE}` are the same."""

    def value(found: re.Match[str]) -> str:
        name = next(filter(None, found.groups()))
        return values.get(name.lower().replace("_", "-"), found[0])

    return re.sub(r"<([a-z][a-z0-9-]*)>|\$\{([A-Z_]+)\}|\$([A-Z_]+)", value, text)


def _sample(name: str, parameter: Parameter, pod: str) -> str:
    if parameter.kind is ParameterKind.POD:
        return pod
    stated = parameter.default or next(iter(parameter.choices), None)
    return stated or _BY_NAME.get(name) or _BY_KIND[parameter.kind]
