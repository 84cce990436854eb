"""A real Prometheus for tests: known data in its store, nothing scraped, gone when the run ends."""

import re
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest

_START_TIME = 30.0
Samples = Mapping[str, Sequence[tuple[int, float]]]
"""Points (Unix time in seconds, value) by series, written as `up{job="api"}`; all series of a metric stand together."""


class Prometheus:
    """A running server; `address` is what a target takes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.address = ""

    def fill(self, samples: Samples) -> None:
        """Write the store's blocks, before the start."""
        lines = [f"{name} {value:g} {at}" for name, points in samples.items() for at, value in points]
        kinds = dict.fromkeys(re.split(r"[{ ]", name)[0] for name in samples)
        described = [f"# TYPE {kind} gauge" for kind in kinds]
        text = self._folder / "samples"
        text.write_text("\n".join([*_sorted(described, lines), "# EOF\n"]))
        command = ["promtool", "tsdb", "create-blocks-from", "openmetrics", str(text), str(self._folder / "data")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr)

    def start(self) -> None:
        """Start the server and return when it answers."""
        (self._folder / "prometheus.yml").write_text("scrape_configs: []\n")
        settings = {
            "config.file": self._folder / "prometheus.yml",
            "storage.tsdb.path": self._folder / "data",
            "storage.tsdb.retention.time": "10y",
            "web.listen-address": "127.0.0.1:0",
        }
        command = ["prometheus", *(f"--{name}={value}" for name, value in settings.items())]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder)
        deadline = time.monotonic() + _START_TIME
        while not self._ready():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError((self._folder / "log").read_text())
            time.sleep(0.02)

    def stop(self) -> None:
        """End the server."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(_START_TIME)
            self._process = None

    def _ready(self) -> bool:
        """Tell whether it answers; its log says on which port of the machine's choice."""
        found = re.search(r'msg="Listening on" address=(127\.0\.0\.1:\d+)', (self._folder / "log").read_text())
        if found is None:
            return False
        self.address = f"http://{found[1]}"
        try:
            with urllib.request.urlopen(f"{self.address}/-/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


def _sorted(described: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Put each metric's description in front of its samples."""
    found: list[str] = []
    for text in described:
        name = text.split()[2]
        found += [text, *(line for line in lines if re.split(r"[{ ]", line)[0] == name)]
    return found


@contextmanager
def running(samples: Samples) -> Iterator[Prometheus]:
    """Start a server of our own with these samples; no trace of it stays. Skips where there is none."""
    if not (shutil.which("prometheus") and shutil.which("promtool")):
        pytest.skip("There is no prometheus and promtool: install the package prometheus.")
    folder = Path(tempfile.mkdtemp(prefix="opsroom-prometheus-"))
    server = Prometheus(folder)
    try:
        server.fill(samples)
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
