"""Pictures as a browser takes them: the bytes of a PNG as a data URL."""

import base64

HEAD = "data:image/png;base64"


def url_of(data: bytes) -> str:
    """Return the bytes of a PNG as a data URL."""
    return f"{HEAD},{base64.b64encode(data).decode()}"
