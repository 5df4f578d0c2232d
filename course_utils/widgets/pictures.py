"""Pictures as a browser takes them: the bytes of a PNG, and a data URL."""

import base64
import io

from course_utils.plotting import to_uint8

HEAD = "data:image/png;base64"


def png_of(picture) -> bytes:
    """Return the bytes of a picture (h, w, 1 or 3), uint8 or in [-1, 1], as PNG."""
    from PIL import Image

    pixels = to_uint8(picture)
    file = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels).save(
        file, "png", compress_level=1
    )
    return file.getvalue()


def url_of(data: bytes) -> str:
    """Return the bytes of a PNG as a data URL."""
    return f"{HEAD},{base64.b64encode(data).decode()}"
