"""An operation: one thing to do on one target, as a value."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.operations.effect import Effect


class TargetKind(StrEnum):
    """The kinds of outside systems that operations are carried out on."""

    KUBERNETES = "kubernetes"
    POSTGRES = "postgres"
    REDIS = "redis"
    HTTP = "http"
    PROMETHEUS = "prometheus"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class Operation:
    """The root of all operations. Two are equal when they do the same, however their lines were written."""

    kind: ClassVar[TargetKind]

    @property
    def effect(self) -> Effect:
        """The worst that it can do. Never lower than the truth: what cannot be told is at least a write."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Hole:
    """A number that is not known yet: `--to-revision=<number>`. What is carried out has none."""

    name: str
