"""The control plane as processes on loopback: etcd, API server, controllers, scheduler and our own node.

Two users: `admin` may do everything; `bot`, of the group `opsroom`, nothing until a test grants it.
"""

import contextlib
import os
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

HOME = Path(__file__).parents[2]
PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler")
_START_TIME = 90.0  # seconds; 4 on an idle machine
_STOP_TIME = 5.0


class NotBuiltError(Exception):
    """There is no control plane in the cache folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"there is no Kubernetes control plane in {folder}: `make cluster` builds it")


def cache() -> Path:
    """Return the folder that `make cluster` builds into; the same as in `build.sh`."""
    given = os.environ.get("OPSROOM_KUBERNETES")
    return (
        Path(given)
        if given
        else Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "opsroom/kubernetes"
    )


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of one control plane, all free when they were asked for."""

    clients: int
    peers: int
    api: int
    controllers: int
    scheduler: int


@contextmanager
def running(programs: Path | None = None) -> Iterator[Path]:
    """Start a control plane, yield the path of its kubeconfig, and leave nothing of it. Raises NotBuiltError."""
    built = programs or cache()
    if not all(os.access(built / name, os.X_OK) for name in PROGRAMS):
        raise NotBuiltError(built)
    folder = Path(tempfile.mkdtemp(prefix="opsroom-cluster-"))
    plane = ControlPlane(built, folder)
    try:
        plane.start()
        yield plane.kubeconfig
    finally:
        plane.stop()
        shutil.rmtree(folder, ignore_errors=True)


class ControlPlane:
    """The processes of one control plane, with their state and logs in one folder."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder = programs, folder
        self._tokens = {"admin": secrets.token_hex(16), "bot": secrets.token_hex(16)}
        self._processes: list[tuple[str, subprocess.Popen[bytes]]] = []
        self.kubeconfig = folder / "kubeconfig"

    def start(self) -> None:
        """Start everything and return when the nodes are ready."""
        ports = Ports(*_free_ports(5))
        self._write_keys(ports)
        self._start("etcd", *_flags(self._etcd(ports)))
        self._start("kube-apiserver", *_flags(self._api_server(ports)))
        self._wait(f"https://127.0.0.1:{ports.api}/readyz")
        self._start("kube-controller-manager", *_flags(self._controllers(ports)))
        self._start("kube-scheduler", *_flags(self._component(ports.scheduler, "scheduler")))
        self._run("node", [sys.executable, "-m", "tests.cluster.node", str(self.kubeconfig), str(self._folder)])
        self._wait_for_file(self._folder / "node.ready")
        self._wait(f"https://127.0.0.1:{ports.api}/api/v1/namespaces/default/serviceaccounts/default")
        self._wait(f"https://127.0.0.1:{ports.api}/apis/metrics.k8s.io/v1beta1/nodes")

    def stop(self) -> None:
        """End all of them, the last that was started first."""
        for _, process in reversed(self._processes):
            process.terminate()
        for _, process in reversed(self._processes):
            try:
                process.wait(_STOP_TIME)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _write_keys(self, ports: Ports) -> None:
        key = self._folder / "accounts.key"
        subprocess.run(["openssl", "genrsa", "-out", str(key), "2048"], check=True, capture_output=True)
        users = {"admin": "system:masters", "bot": "opsroom"}
        lines = [f'{self._tokens[name]},{name},{name},"{group}"\n' for name, group in users.items()]
        (self._folder / "tokens.csv").write_text("".join(lines))
        self.kubeconfig.write_text(yaml.safe_dump(_kubeconfig(f"https://127.0.0.1:{ports.api}", self._tokens)))
        self.kubeconfig.chmod(0o600)

    def _etcd(self, ports: Ports) -> dict[str, object]:
        clients, peers = f"http://127.0.0.1:{ports.clients}", f"http://127.0.0.1:{ports.peers}"
        return {
            "data-dir": self._folder / "etcd",
            "listen-client-urls": clients,
            "advertise-client-urls": clients,
            "listen-peer-urls": peers,
            "initial-advertise-peer-urls": peers,
            "initial-cluster": f"default={peers}",
            "unsafe-no-fsync": "true",  # nothing here outlives the machine
        }

    def _api_server(self, ports: Ports) -> dict[str, object]:
        return {
            "etcd-servers": f"http://127.0.0.1:{ports.clients}",
            "bind-address": "127.0.0.1",
            "advertise-address": "127.0.0.1",
            "secure-port": ports.api,
            "insecure-port": 0,
            "cert-dir": self._folder / "certificates",
            "token-auth-file": self._folder / "tokens.csv",
            "authorization-mode": "RBAC",
            "service-account-issuer": "https://kubernetes.default.svc",
            "service-account-key-file": self._folder / "accounts.key",
            "service-account-signing-key-file": self._folder / "accounts.key",
            "allow-privileged": "true",
            # It would turn pods away for the second until a new namespace has an account with a token.
            "disable-admission-plugins": "ServiceAccount",
            "service-cluster-ip-range": "10.96.0.0/16",
            "endpoint-reconciler-type": "none",
            "kubelet-preferred-address-types": "InternalIP",
        }

    def _controllers(self, ports: Ports) -> dict[str, object]:
        return {
            **self._component(ports.controllers, "controllers"),
            "service-account-private-key-file": self._folder / "accounts.key",
            "controllers": "*,-nodeipam,-cloud-node-lifecycle,-service,-route",
            "concurrent-deployment-syncs": 5,
            "horizontal-pod-autoscaler-sync-period": "2s",
        }

    def _component(self, port: int, name: str) -> dict[str, object]:
        return {
            "kubeconfig": self.kubeconfig,
            "bind-address": "127.0.0.1",
            "port": 0,
            "secure-port": port,
            "cert-dir": self._folder / f"certificates-{name}",
            "leader-elect": "false",
            "kube-api-qps": 500,
            "kube-api-burst": 1000,
        }

    def _start(self, name: str, *flags: str) -> None:
        self._run(name, [str(self._programs / name), *flags])

    def _run(self, name: str, command: list[str]) -> None:
        setpriv = shutil.which("setpriv")
        if setpriv:  # a test run that is killed takes its cluster with it
            command = [setpriv, "--pdeathsig", "TERM", *command]
        with (self._folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=HOME, env=_environment())
        self._processes.append((name, process))

    def _wait(self, url: str) -> None:
        """Return when the API server answers this with success."""
        trusting = ssl._create_unverified_context()  # its certificate is its own
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting)
        )
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self._tokens['admin']}"})
        for _ in self._patience(url):
            try:
                opener.open(request, timeout=5).close()
            except urllib.error.HTTPError as not_yet:
                not_yet.close()
            except OSError:
                continue
            else:
                return

    def _wait_for_file(self, path: Path) -> None:
        for _ in self._patience(path.name):
            if path.exists():
                return

    def _patience(self, what: str) -> Iterator[None]:
        """Let the caller try again and again; raises RuntimeError when a process ended or it takes too long."""
        deadline = time.monotonic() + _START_TIME
        while time.monotonic() < deadline:
            yield
            for name, process in self._processes:
                if process.poll() is not None:
                    raise RuntimeError(f"{name} ended: {self._log(name)}")
            time.sleep(0.05)
        raise RuntimeError(f"{what} is not ready after {_START_TIME:g} s: {self._log(self._processes[-1][0])}")

    def _log(self, name: str) -> str:
        return (self._folder / f"{name}.log").read_text(errors="replace")[-4000:]


def _flags(options: dict[str, object]) -> list[str]:
    return [f"--{name}={value}" for name, value in options.items()]


def _free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on; held together, so that no two are the same."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for held in sockets:
            held.bind(("127.0.0.1", 0))
        return [held.getsockname()[1] for held in sockets]


def _kubeconfig(server: str, tokens: dict[str, str]) -> dict[str, object]:
    """Return a kubeconfig with a context for each user, of the user's name; `admin` is the current one."""
    cluster = {"server": server, "insecure-skip-tls-verify": True}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "local", "cluster": cluster}],
        "users": [{"name": name, "user": {"token": token}} for name, token in tokens.items()],
        "contexts": [{"name": name, "context": {"cluster": "local", "user": name}} for name in tokens],
        "current-context": "admin",
    }


def _environment() -> dict[str, str]:
    """Leave out whatever would point the programs at somebody's real cluster or through a proxy."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("KUBE") and not name.lower().endswith("_proxy")
    }
