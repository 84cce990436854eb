"""How commands, clicks and events reach the app: Socket Mode or signed HTTP, as the manifest says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.doors.delivery import Answer, Door, Request
from sandbox.slack.doors.http import HttpDoor
from sandbox.slack.doors.socket import SocketDoor

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

__all__ = ["Answer", "Door", "HttpDoor", "Request", "SocketDoor", "open_door"]


def open_door(workspace: Workspace) -> Door:
    """Return the door that the manifest asks for."""
    return SocketDoor(workspace) if workspace.manifest.socket_mode else HttpDoor(workspace)
