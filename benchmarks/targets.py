"""What makes a bot's targets set up and leads nowhere: addresses where nobody listens, and a login to no cluster."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from bot.operations.operation import TargetKind
from bot.runbooks.platforms import Platforms

_NOBODY = "127.0.0.1:9"
_SAID: Mapping[TargetKind, str] = {
    TargetKind.KUBERNETES: "nowhere",
    TargetKind.POSTGRES: f"postgresql://nobody@{_NOBODY}/nothing",
    TargetKind.REDIS: f"redis://{_NOBODY}/0",
    TargetKind.PROMETHEUS: f"http://{_NOBODY}",
}
"""What is said of a target of a kind; the others ask for nothing."""


def set_up(platforms: Platforms, folder: Path) -> dict[str, str]:
    """Return the variables of every target of the platforms, and a kubeconfig that is written to the folder."""
    every = [target for platform in platforms for target in platform.targets.values()]
    said = {variable: _SAID[target.kind] for target in every for variable in target.variables}
    return {**said, "KUBECONFIG": str(_kubeconfig(folder / "kubeconfig"))}


def _kubeconfig(path: Path) -> Path:
    login = {
        "current-context": "nowhere",
        "clusters": [{"name": "nowhere", "cluster": {"server": f"http://{_NOBODY}"}}],
        "users": [{"name": "nobody", "user": {"token": "none"}}],
        "contexts": [{"name": "nowhere", "context": {"cluster": "nowhere", "user": "nobody"}}],
    }
    path.write_text(yaml.safe_dump(login), encoding="utf-8")
    return path
