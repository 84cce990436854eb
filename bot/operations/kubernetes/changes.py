"""The operations that change a cluster."""

from dataclasses import dataclass

from bot.operations.effect import Effect
from bot.operations.kubernetes.nouns import KubernetesOperation, Thing
from bot.operations.operation import Hole

Pairs = tuple[tuple[str, str | None], ...]
"""Names with values, sorted; None takes the name away."""


@dataclass(frozen=True, slots=True)
class Change(KubernetesOperation):
    """What changes something that can be changed back."""

    @property
    def effect(self) -> Effect:
        """A write, unless a kind of change says more."""
        return Effect.WRITE


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(Change):
    """`kubectl rollout undo`: back to a revision; None is the one before the current."""

    thing: Thing
    revision: int | Hole | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart(Change):
    """`kubectl rollout restart`: new pods, one after the other."""

    things: tuple[Thing, ...] = ()
    labels: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Change):
    """`kubectl rollout pause` and, when `paused` is off, `resume`."""

    thing: Thing
    paused: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale(Change):
    """`kubectl scale`: that many replicas, if there are `current` of them now or that is None."""

    things: tuple[Thing, ...] = ()
    replicas: int | Hole = 0
    current: int | Hole | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetImage(Change):
    """`kubectl set image`: container names with their images; `*` is every container."""

    thing: Thing
    images: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResources(Change):
    """`kubectl set resources`: limits and requests as quantities by name; no container means all."""

    thing: Thing
    container: str = ""
    limits: tuple[tuple[str, str], ...] = ()
    requests: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEnv(Change):
    """`kubectl set env`: variables of a container; no container means all."""

    thing: Thing
    container: str = ""
    variables: Pairs = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(Change):
    """`kubectl label` and `kubectl annotate`: `what` is labels or annotations."""

    what: str = "labels"
    things: tuple[Thing, ...] = ()
    labels: str = ""
    pairs: Pairs = ()
    overwrite: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete(Change):
    """`kubectl delete`: things by name, or those that a selector finds; `grace` is in seconds."""

    things: tuple[Thing, ...] = ()
    labels: str = ""
    fields: str = ""
    grace: int | Hole | None = None
    ignore_missing: bool = False
    wait: bool = True

    @property
    def effect(self) -> Effect:
        """A write for pods, which their controllers make again; anything else is gone."""
        return Effect.WRITE if all(thing.type == "pods" for thing in self.things) else Effect.DESTROY


@dataclass(frozen=True, slots=True, kw_only=True)
class Exec(Change):
    """`kubectl exec`: one command in a running container, without a terminal."""

    thing: Thing
    container: str = ""
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply(Change):
    """`kubectl apply`: manifests, or with `kustomize` one kustomization; paths start at the platform's folder."""

    paths: tuple[str, ...] = ()
    kustomize: bool = False
    recursive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cordon(Change):
    """`kubectl cordon` and, when `on` is off, `uncordon`: whether nodes take new pods."""

    nodes: tuple[str, ...] = ()
    on: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Drain(Change):
    """`kubectl drain`: cordon a node and evict its pods; `grace` and `timeout` are in seconds."""

    node: str = ""
    ignore_daemonsets: bool = False
    delete_empty_dir_data: bool = False
    force: bool = False
    grace: int | Hole | None = None
    timeout: float | Hole | None = None
    pods: str = ""

    @property
    def effect(self) -> Effect:
        """A write, unless pods without a controller or their scratch data are lost."""
        return Effect.DESTROY if self.force or self.delete_empty_dir_data else Effect.WRITE
