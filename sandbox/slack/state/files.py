"""Files: announced, uploaded, then shared in channels."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field

from sandbox.slack.refusals import Json


@dataclass(slots=True)
class StoredFile:
    """A file on its way or arrived. `length` is what was announced, in bytes."""

    id: str
    name: str
    length: int
    user: str
    created: int
    ticket: str
    title: str = ""
    alt_text: str = ""
    content: bytes | None = None
    complete: bool = False
    channels: dict[str, None] = field(default_factory=dict)

    @property
    def mimetype(self) -> str:
        """The media type that the name suggests."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"


def file_as_api(file: StoredFile, base_url: str) -> Json:
    """Return the file object; its private addresses need a token."""
    kind = file.name.rpartition(".")[2].lower() if "." in file.name else "binary"
    address = f"{base_url}/files/private/{file.id}/{file.name}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mimetype,
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": file.user,
        "size": file.length,
        "mode": "hosted",
        "is_external": False,
        "is_public": bool(file.channels),
        "public_url_shared": False,
        "alt_txt": file.alt_text,
        "url_private": address,
        "url_private_download": address,
        "channels": list(file.channels),
    }
