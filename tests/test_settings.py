"""The environment, right and wrong."""

import pytest

from bot.app import read_settings
from bot.errors import SettingsError

SOCKET = {"OPSROOM_SLACK_BOT_TOKEN": "xoxb-1", "OPSROOM_SLACK_APP_TOKEN": "xapp-1"}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))


def given(monkeypatch: pytest.MonkeyPatch, **environment: str) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def test_two_tokens_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **SOCKET)
    settings = read_settings()
    assert settings.slack_url == "https://slack.com/api/"
    assert settings.web_port is None


def test_http_mode_listens_on_3000(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **SOCKET, OPSROOM_SLACK_MODE="http", OPSROOM_SLACK_SIGNING_SECRET="shh")
    assert read_settings().web_port == 3000


def test_every_process_has_a_name_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **SOCKET)
    assert read_settings().replica != read_settings().replica


def test_an_address_gets_its_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **SOCKET, OPSROOM_SLACK_URL="http://127.0.0.1:1/api")
    assert read_settings().slack_url == "http://127.0.0.1:1/api/"


def test_a_file_beside_the_program_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    from pathlib import Path

    Path(".env").write_text("OPSROOM_SLACK_BOT_TOKEN=xoxb-2\nOPSROOM_SLACK_APP_TOKEN=xapp-2\n", encoding="utf-8")
    assert read_settings().slack_bot_token.get_secret_value() == "xoxb-2"


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "OPSROOM_SLACK_BOT_TOKEN is missing"),
        ({"OPSROOM_SLACK_BOT_TOKEN": "xoxb-1"}, "OPSROOM_SLACK_APP_TOKEN is missing; Socket Mode needs it"),
        ({**SOCKET, "OPSROOM_SLACK_MODE": "http"}, "OPSROOM_SLACK_SIGNING_SECRET is missing; HTTP mode needs it"),
        ({**SOCKET, "OPSROOM_SLACK_MODE": "pigeon"}, "OPSROOM_SLACK_MODE"),
        ({**SOCKET, "OPSROOM_PORT": "99999"}, "OPSROOM_PORT"),
        ({**SOCKET, "OPSROOM_HEARTBEAT": "5"}, "at least five times OPSROOM_HEARTBEAT"),
    ],
)
def test_what_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], sentence: str) -> None:
    given(monkeypatch, **environment)
    with pytest.raises(SettingsError, match=sentence):
        read_settings()


def test_no_value_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **SOCKET, OPSROOM_SLACK_MODE="xoxb-pasted-into-the-wrong-place")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "pasted" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_place_of_a_host_that_cannot_be_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **SOCKET, OPSROOM_HOSTS="api.example.com=elsewhere")
    with pytest.raises(SettingsError, match=r"OPSROOM_HOSTS: behind api\.example\.com= there is no IP address"):
        read_settings()
