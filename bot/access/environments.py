"""The environments that platforms belong to."""

from enum import StrEnum


class Environment(StrEnum):
    """What a platform is for: roles can be given, and approvals be asked for, in one of them alone."""

    PRODUCTION = "production"
    STAGING = "staging"
    DEVELOPMENT = "development"
