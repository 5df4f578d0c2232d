"""Pictures as arrays and files: tiles, PNG, GIF. Float pictures are in [-1, 1]."""

import io
from pathlib import Path

import numpy as np

GAP = 2


def to_uint8(images) -> np.ndarray:
    """Return pictures as uint8: float ones are taken as [-1, 1] and clipped."""
    images = np.asarray(images)
    if images.dtype == np.uint8:
        return images
    return np.uint8(np.clip(np.rint((images + 1) * 127.5), 0, 255))


def tile(images, *, columns: int | None = None) -> np.ndarray:
    """Return pictures (n, h, w, c) as one picture, row by row, on white; uint8."""
    images = to_uint8(images)
    if images.ndim != 4 or not len(images):
        raise ValueError(f"expected pictures (n, h, w, c), got shape {images.shape}")
    count, height, width, channels = images.shape
    columns = columns or int(np.ceil(np.sqrt(count)))
    rows = -(-count // columns)
    shape = (rows * (height + GAP) + GAP, columns * (width + GAP) + GAP, channels)
    sheet = np.full(shape, 255, np.uint8)
    for number, image in enumerate(images):
        y = GAP + number // columns * (height + GAP)
        x = GAP + number % columns * (width + GAP)
        sheet[y : y + height, x : x + width] = image
    return sheet


def untile(sheet: np.ndarray, *, height: int, width: int) -> np.ndarray:
    """Return the pictures (n, h, w, c) that `tile` put into a sheet without gaps."""
    rows = range(GAP, sheet.shape[0] - height, height + GAP)
    columns = range(GAP, sheet.shape[1] - width, width + GAP)
    return np.stack(
        [sheet[y : y + height, x : x + width] for y in rows for x in columns]
    )


def zoom_for(images) -> int:
    """Return how many times small pictures are enlarged, so that pixels stay crisp."""
    height = np.shape(images)[1]
    return 84 // height if height <= 42 else 2 if height <= 128 else 1


def png(images, *, columns: int | None = None, zoom: int | None = None) -> bytes:
    """Return the bytes of a PNG: pictures (n, h, w, 1 or 3) tiled, small ones enlarged.

    With `zoom`, every pixel is drawn as a square of so many pixels; without it, the
    pictures' height decides.
    """
    sheet = tile(images, columns=columns)
    if sheet.shape[-1] not in (1, 3):
        raise ValueError(f"expected pictures of 1 or 3 channels, got {sheet.shape[-1]}")
    zoom = zoom or zoom_for(images)
    return png_of(sheet.repeat(zoom, 0).repeat(zoom, 1))


def png_of(picture) -> bytes:
    """Return the bytes of one picture (h, w, 1 or 3), uint8 or in [-1, 1], as PNG."""
    from PIL import Image

    pixels = to_uint8(picture)
    pixels = pixels[..., 0] if pixels.shape[-1] == 1 else pixels
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png", compress_level=1)  # fast, not smallest
    return file.getvalue()


def save_picture(picture: np.ndarray, path: str | Path) -> None:
    """Write a picture (h, w, 1 or 3), uint8 or in [-1, 1], as PNG."""
    Path(path).write_bytes(png_of(picture))


def read_picture(path: str | Path) -> np.ndarray:
    """Return a PNG as a picture (h, w, 1 or 3), uint8."""
    from PIL import Image

    picture = np.asarray(Image.open(path))
    return picture[..., np.newaxis] if picture.ndim == 2 else picture


def kept_frames(count: int) -> list[int]:
    """Return which of `count` frames a film of a training keeps.

    Frame i is kept when round(2√i) grows, and the last one always: many from the
    beginning, where much happens, few from the end.
    """
    marks = np.rint(2 * np.sqrt(np.arange(count)))
    kept = [i for i in range(count) if i == 0 or marks[i] > marks[i - 1]]
    return kept if not count or kept[-1] == count - 1 else [*kept, count - 1]


def save_gif(frames, path: str | Path, *, seconds: float = 0.25) -> Path:
    """Return the path of a GIF written from frames (m, h, w, c); the last one stays."""
    from PIL import Image

    pictures = [
        Image.fromarray(frame[..., 0] if frame.shape[-1] == 1 else frame)
        for frame in to_uint8(frames)
    ]
    pauses = [int(1000 * seconds)] * (len(pictures) - 1) + [2500]
    pictures[0].save(
        path, save_all=True, append_images=pictures[1:], duration=pauses, loop=0
    )
    return Path(path)


def show_gif(path: str | Path, *, width: int = 366):
    """Return a GIF as a picture that plays in a notebook, so many pixels wide."""
    from IPython.display import Image

    return Image(data=Path(path).read_bytes(), format="gif", width=width)
