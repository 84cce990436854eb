"""Targets: the outside systems of a platform, and which environment variables say how to reach them."""

from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic.json_schema import SkipJsonSchema

from bot.nearest import hint
from bot.operations.operation import TargetKind
from bot.runbooks.entry import Entry, Ref
from bot.runbooks.words import DnsName, Duration, FolderPath, HostName, Interval, Key, Text, Url, Variable


class AnyTarget(Entry):
    """What all targets have."""

    note: Text | None = None
    probe_time_limit: Interval = Field(
        default=timedelta(seconds=15),
        description="A probe that says nothing else is given up after; 15s if left out, 1m for jobs.",
    )

    @property
    def name(self) -> str:
        """Its name on its platform."""
        return self.name_in_file

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables of the environment that say how to reach it; secrets for its requests are not among them."""
        named = (getattr(self, field, None) for field in ("url_from", "context_from"))
        return tuple(variable for variable in named if variable)


class KubernetesTarget(AnyTarget):
    """A namespace of a cluster."""

    kind: Literal[TargetKind.KUBERNETES]
    namespace: DnsName = Field(description="Where an operation happens that names no namespace.")
    context_from: Variable | None = Field(
        default=None, description="The variable with the context's name; the current context if left out."
    )
    manifests_from: Variable | None = Field(
        default=None,
        description="The variable with the folder in which `kubectl apply` finds files; the platform's if left out.",
    )


class PostgresTarget(AnyTarget):
    """A PostgreSQL database."""

    kind: Literal[TargetKind.POSTGRES]
    url_from: Variable = Field(description="The variable with the address and the password.")
    database: Text | None = Field(default=None, description="The database's name, as the runbooks have it.")


class RedisTarget(AnyTarget):
    """A Redis database."""

    kind: Literal[TargetKind.REDIS]
    url_from: Variable = Field(description="The variable with the address and the password.")


class HttpTarget(AnyTarget):
    """Web hosts."""

    kind: Literal[TargetKind.HTTP]
    hosts: tuple[HostName, ...] = Field(
        min_length=1, description="The only hosts that are spoken to: names, `*.suffix`, either with a port."
    )
    private: bool = Field(default=False, description="Whether their addresses may be private ones.")
    secrets_from: dict[Key, Variable] = Field(default={}, description="The variables that fill holes, by hole.")


class PrometheusTarget(AnyTarget):
    """A Prometheus server."""

    kind: Literal[TargetKind.PROMETHEUS]
    url_from: Variable | None = Field(default=None, description="The variable with the address.")
    url: Url | None = Field(default=None, description="The address itself, if it has no secret in it.")
    token_from: Variable | None = Field(
        default=None, description="The variable with a token that it is asked with (Bearer), if it wants one."
    )

    @model_validator(mode="after")
    def _one_address(self) -> Self:
        if bool(self.url) == bool(self.url_from):
            raise ValueError("should say url or url-from, one of them")
        return self


class JobTarget(AnyTarget):
    """A toolbox: programs that run as Kubernetes Jobs, in a Deployment's image or in one that is named."""

    kind: Literal[TargetKind.JOB]
    cluster: Annotated[Key, Ref("target")] = Field(description="The Kubernetes target on which the jobs run.")
    deployment: DnsName | None = Field(default=None, description="The Deployment whose image and environment they get.")
    container: DnsName | None = Field(default=None, description="Its container, if it has more than one.")
    image: Text | None = Field(default=None, description="An image, instead of a Deployment's.")
    programs: tuple[Text, ...] = Field(default=(), description="The programs that are run here; any if left out.")
    time_limit: Duration = Field(default=None, description="A job is ended after.")
    probe_time_limit: Interval = Field(
        default=timedelta(minutes=1), description="A probe that says nothing else is given up after; 1m if left out."
    )
    volume: DnsName | None = Field(
        default=None, description="A PersistentVolumeClaim that all its jobs have, so that they share files."
    )
    volume_at: FolderPath = Field(default="/work", description="Where the volume is mounted.")

    @model_validator(mode="after")
    def _one_image(self) -> Self:
        if bool(self.deployment) == bool(self.image):
            raise ValueError("should say deployment or image, one of them")
        if "volume_at" in self.model_fields_set and not self.volume:
            raise ValueError("says volume-at and no volume; name the PersistentVolumeClaim")
        return self


_KINDS = [kind.value for kind in TargetKind]


def _tag(value: Any) -> str:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return f"<{kind}>" if kind in _KINDS else "<unknown>"


class _UnknownTarget(AnyTarget):
    """Stands where the kind is wrong, to say so."""

    kind: TargetKind

    @model_validator(mode="before")
    @classmethod
    def _refuse(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError("should be a mapping")  # pydantic reports it
        kind = value.get("kind")
        if kind is None:
            raise ValueError(f"has no kind; there are {', '.join(_KINDS)}")
        raise ValueError(f'"{kind}" is no kind of target; {hint(str(kind), _KINDS)}')


Target = Annotated[
    Annotated[KubernetesTarget, Tag("<kubernetes>")]
    | Annotated[PostgresTarget, Tag("<postgres>")]
    | Annotated[RedisTarget, Tag("<redis>")]
    | Annotated[HttpTarget, Tag("<http>")]
    | Annotated[PrometheusTarget, Tag("<prometheus>")]
    | Annotated[JobTarget, Tag("<job>")]
    | Annotated[_UnknownTarget, Tag("<unknown>"), SkipJsonSchema()],
    Discriminator(_tag),
]
"""A target of any kind."""
