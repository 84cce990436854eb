"""What the workspace of a benchmark contains: people, and every channel and user group that the platforms name."""

import json
from pathlib import Path
from typing import Any

import yaml

from benchmarks.processes import HOME
from bot.runbooks.platforms import Platforms

PEOPLE = ("olivia", "omar", "oksana", "oscar", "odette")
"""Those who type; each may do everything. Rita is in every user group and types nothing."""
RESPONDER = "rita"
WHERE = "general"


def people_file(platforms: Platforms, folder: Path) -> Path:
    """Write what `python -m sandbox.slack --people` reads, and return the file."""
    everyone = [*PEOPLE, RESPONDER]
    channels: dict[str, dict[str, Any]] = {WHERE: {"name": WHERE, "members": everyone, "is_general": True}}
    for platform in platforms:
        for channel in platform.channels.values():
            channels.setdefault(channel.name, {"name": channel.name, "members": everyone})
    groups = {group for platform in platforms for s in platform.severities for group in platform.groups_for(s)}
    content = {
        "people": [{"name": name} for name in everyone],
        "channels": list(channels.values()),
        "usergroups": [{"handle": group, "users": [RESPONDER]} for group in sorted(groups)],
    }
    return _written(folder / "people.json", content)


def manifest_file(folder: Path, *, socket: bool) -> Path:
    """Write our manifest for Socket Mode or for HTTP, and return the file."""
    manifest = yaml.safe_load((HOME / "manifest.yml").read_text(encoding="utf-8"))
    manifest["settings"]["socket_mode_enabled"] = socket
    return _written(folder / "manifest.json", manifest)


def _written(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
