"""The environment, read here and nowhere else: `OPSROOM_…` variables, or a file `.env` beside the program."""

import os
import secrets
import socket
from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError
from bot.operations.http.places import read_places


def _api(url: str) -> str:
    """The Slack client joins method names to it, so it must end in a slash."""
    return url if url.endswith("/") else f"{url}/"


def _places(text: str) -> str:
    """Say early what cannot be read."""
    read_places(text)
    return text


def _replica() -> str:
    """A new name for every process: two processes of one name would do each other's work twice."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"


def secret(variable: str) -> str | None:
    """Return a variable that a runbook names for a target, from the environment or from `.env`."""
    return os.environ.get(variable) or dotenv_values(".env").get(variable)


class StoreSettings(BaseSettings):
    """Where the store is: all that the commands for roles and migrations need."""

    model_config = SettingsConfigDict(env_prefix="OPSROOM_", env_file=".env", extra="ignore", frozen=True)

    database_url: SecretStr = Field(
        default=SecretStr("sqlite:///var/opsroom.db"),
        description="The store: `sqlite:///file` for one process, `postgresql://…` for several replicas.",
    )


class Settings(StoreSettings):
    """Everything that can be set from outside."""

    slack_bot_token: SecretStr = Field(description="The app's bot token, `xoxb-…`.")
    slack_app_token: SecretStr | None = Field(
        default=None, description="The app-level token `xapp-…` with connections:write; needed for Socket Mode."
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="The app's signing secret; needed for HTTP mode."
    )
    slack_mode: Literal["socket", "http"] = Field(
        default="socket", description="How Slack reaches Opsroom: a socket that Opsroom opens, or HTTP requests."
    )
    slack_url: Annotated[str, AfterValidator(_api)] = Field(
        default="https://slack.com/api/", description="Where Slack's Web API is."
    )
    slack_pacing: bool = Field(
        default=True, description="Keep below Slack's rate limits; switch it off only where they were raised."
    )
    runbooks: Path = Field(default=Path("runbooks"), description="The folder with one folder per platform.")
    hosts: Annotated[str, AfterValidator(_places)] = Field(
        default="",
        description="Where hosts of the runbooks are whose names must not be looked up, for networks in which a name "
        "leads to two places: `api.example.com=10.0.0.7:8443, *.example.org=http://10.0.0.8`; `http://` says that TLS "
        "ends before that address, as in a service mesh.",
    )
    host: str = Field(default="127.0.0.1", description="Where the web doorway listens.")
    port: int | None = Field(
        default=None, ge=0, le=65535, description="Its port; 3000 in HTTP mode, no web doorway in Socket Mode."
    )
    replica: str = Field(default_factory=_replica, description="The name of this process, new for every process.")
    heartbeat: float = Field(default=3.0, gt=0, description="Seconds between two signs of life of a replica.")
    dead_after: float = Field(default=15.0, gt=0, description="Seconds of silence before others take its work over.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="How much is logged.")

    @model_validator(mode="after")
    def _fits_together(self) -> "Settings":
        if self.slack_mode == "socket" and self.slack_app_token is None:
            raise ValueError("OPSROOM_SLACK_APP_TOKEN is missing; Socket Mode needs it")
        if self.slack_mode == "http" and self.slack_signing_secret is None:
            raise ValueError("OPSROOM_SLACK_SIGNING_SECRET is missing; HTTP mode needs it")
        if self.dead_after < 5 * self.heartbeat:
            raise ValueError("OPSROOM_DEAD_AFTER must be at least five times OPSROOM_HEARTBEAT")
        return self

    @property
    def web_port(self) -> int | None:
        """The port of the web doorway, if there is one."""
        return 3000 if self.port is None and self.slack_mode == "http" else self.port


def store_address() -> str:
    """Return the address of the store, which may hold a password."""
    return StoreSettings().database_url.get_secret_value()


def read_settings() -> Settings:
    """Read the environment. Raises SettingsError, which names every variable that is wrong, and never a value."""
    try:
        return Settings()  # type: ignore[call-arg]  # the environment gives them
    except ValidationError as error:
        faults = [_fault(fault["loc"], fault["type"], fault["msg"]) for fault in error.errors(include_input=False)]
    raise SettingsError("The settings are not complete:\n" + "\n".join(f"  {fault}" for fault in faults))


def _fault(place: tuple[int | str, ...], kind: str, message: str) -> str:
    message = message.removeprefix("Value error, ")
    if not place:
        return f"{message}."
    name = f"OPSROOM_{str(place[0]).upper()}"
    field = Settings.model_fields.get(str(place[0]))
    about = f" ({field.description})" if field and field.description else ""
    return f"{name} is missing.{about}" if kind == "missing" else f"{name}: {message}.{about}"
