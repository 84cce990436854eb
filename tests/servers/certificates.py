"""Certificates for tests, made by `openssl`: each signs itself, so that trusting it is naming it."""

import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

_SETTINGS = """\
[ca]
default_ca = own
[own]
database = index.txt
new_certs_dir = .
serial = serial
default_md = sha256
policy = any
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
subjectAltName = DNS:{host}
[req]
distinguished_name = name
prompt = no
[name]
CN = {host}
"""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where a certificate and its key are."""

    path: Path
    key: Path


def make(folder: Path, host: str, days: int) -> Certificate:
    """Make a certificate for a host that expires in so many days, in the past when that is below zero."""
    if shutil.which("openssl") is None:
        pytest.skip("There is no openssl: install the package openssl.")
    (folder / "settings").write_text(_SETTINGS.format(host=host))
    (folder / "index.txt").write_text("")
    (folder / "serial").write_text("01\n")
    end = datetime.now(UTC) + timedelta(days=days)
    start = min(end, datetime.now(UTC)) - timedelta(days=1)
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    _openssl(folder, "req", "-new", *curve, "-keyout", "key", "-out", "request", "-config", "settings")
    signed = ["-batch", "-selfsign", "-notext", "-config", "settings", "-in", "request", "-keyfile", "key"]
    span = ["-startdate", f"{start:%Y%m%d%H%M%SZ}", "-enddate", f"{end:%Y%m%d%H%M%SZ}"]
    _openssl(folder, "ca", *signed, "-out", "certificate", *span)
    return Certificate(folder / "certificate", folder / "key")


def _openssl(folder: Path, *arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"openssl failed: {done.stderr}")
