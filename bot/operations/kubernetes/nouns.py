"""The operations that read a cluster."""

from dataclasses import dataclass
from typing import ClassVar

from bot.operations.effect import Effect
from bot.operations.operation import Hole, Operation, TargetKind


@dataclass(frozen=True, slots=True)
class Thing:
    """An object: the plural of its kind, and its name; without one, all of that kind."""

    type: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.type}/{self.name}" if self.name else self.type


@dataclass(frozen=True, slots=True)
class KubernetesOperation(Operation):
    """What is done on a cluster, in a namespace; an empty one is the target's own."""

    kind: ClassVar[TargetKind] = TargetKind.KUBERNETES

    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Reading(KubernetesOperation):
    """What only reads."""

    @property
    def effect(self) -> Effect:
        """A read."""
        return Effect.READ


@dataclass(frozen=True, slots=True, kw_only=True)
class Get(Reading):
    """`kubectl get`: the things, narrowed by selectors.

    `output` is empty for a table, or wide, name, json, yaml or jsonpath; `path` is the JSONPath
    of that output; `sort_by` another one.
    """

    things: tuple[Thing, ...] = ()
    everywhere: bool = False
    labels: str = ""
    fields: str = ""
    output: str = ""
    path: str = ""
    sort_by: str = ""
    headers: bool = True
    show_labels: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw(Reading):
    """`kubectl get --raw`: a path of the server, as it answers."""

    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Top(Reading):
    """`kubectl top`: CPU and memory of `pods` or `nodes`; `sort_by` is empty, cpu or memory."""

    what: str = "pods"
    name: str = ""
    everywhere: bool = False
    labels: str = ""
    containers: bool = False
    sort_by: str = ""
    headers: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Describe(Reading):
    """`kubectl describe`: what an engineer wants to know of each."""

    things: tuple[Thing, ...] = ()
    labels: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logs(Reading):
    """`kubectl logs` of one thing, or of the pods that a selector finds.

    `tail` is a number of lines for each container, None for all; `since` is in seconds; `since_time` is RFC 3339.
    """

    thing: Thing | None = None
    labels: str = ""
    container: str = ""
    all_containers: bool = False
    previous: bool = False
    tail: int | Hole | None = None
    since: float | Hole | None = None
    since_time: str = ""
    timestamps: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class History(Reading):
    """`kubectl rollout history`: the revisions, or one of them."""

    thing: Thing
    revision: int | Hole | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(Reading):
    """`kubectl rollout status`: waits until it is done, for at most `timeout` seconds, unless `watch` is off."""

    thing: Thing
    timeout: float | Hole | None = None
    watch: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Reading):
    """`kubectl wait`: until `condition=NAME=VALUE`, `delete`, `create` or `jsonpath=PATH=VALUE`; seconds."""

    things: tuple[Thing, ...] = ()
    labels: str = ""
    fields: str = ""
    everything: bool = False
    until: str = ""
    timeout: float | Hole = 30.0
