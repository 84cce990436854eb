"""Which clusters the tests may use: ours, and nobody's real one."""

from pathlib import Path

import pytest
import yaml

from tests.cluster.given import NotForTestsError, given
from tests.cluster.plane import NotBuiltError, running


def kubeconfig(path: Path, server: str, contexts: list[str]) -> str:
    known = {
        "clusters": [{"name": "local", "cluster": {"server": server}}],
        "contexts": [{"name": name, "context": {"cluster": "local", "user": name}} for name in contexts],
    }
    path.write_text(yaml.safe_dump(known))
    return str(path)


def test_a_cluster_of_ours_is_used(tmp_path: Path) -> None:
    path = kubeconfig(tmp_path / "k", "https://127.0.0.1:6443", ["admin", "bot"])
    assert given({"KUBECONFIG": path}) == Path(path)
    assert given({"OPSROOM_TEST_KUBECONFIG": path}) == Path(path)


@pytest.mark.parametrize(
    ("server", "contexts", "why"),
    [
        ("https://10.0.0.7:6443", ["admin", "bot"], "not on this machine"),
        ("https://cluster.example.com", ["admin", "bot"], "not on this machine"),
        ("https://127.0.0.1:6443", ["docker-desktop"], "no contexts"),
    ],
)
def test_a_cluster_of_somebody_else_is_left_alone(tmp_path: Path, server: str, contexts: list[str], why: str) -> None:
    path = kubeconfig(tmp_path / "k", server, contexts)
    assert given({"KUBECONFIG": path}) is None
    with pytest.raises(NotForTestsError, match=why):
        given({"OPSROOM_TEST_KUBECONFIG": path})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotForTestsError, match="cannot be read"):
        given({"OPSROOM_TEST_KUBECONFIG": str(tmp_path / "nothing")})
    assert given({"KUBECONFIG": str(tmp_path / "nothing")}) is None


def test_a_plane_that_was_not_built_says_what_builds_it(tmp_path: Path) -> None:
    with pytest.raises(NotBuiltError, match="make cluster"), running(tmp_path):
        pytest.fail("there is nothing to run")
