"""The PostgreSQL server of the tests: the one that the demo starts."""

from sandbox.targets.postgres import Postgres, running

__all__ = ["Postgres", "running"]
