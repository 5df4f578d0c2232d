"""The sketch pad without a browser: what the browser sends, what the learner sees."""

import base64
import io
import re

import numpy as np
import pytest
from course_utils.data import own
from course_utils.widgets import sketch_pad
from negative import Negative, decoded, line
from PIL import Image

SIZE = 32
WHITE = np.full((SIZE, SIZE, 3), 255, np.uint8)


def make(generator=None, **options):
    return sketch_pad(generator or Negative(), size=SIZE, **options)


def with_line(colour=0) -> np.ndarray:
    picture = WHITE.copy()
    picture[10:14, 4:28] = colour
    return picture


def url(picture, kind="PNG") -> str:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, kind)
    code = base64.b64encode(file.getvalue()).decode()
    return f"data:image/{kind.lower()};base64,{code}"


def send(pad, value) -> None:
    """Set the sheet's value as a browser does."""
    pad.controls["sketch"].set_state({"value": value})


def upload(pad, data: bytes, name="mine.png", count=None) -> None:
    """Hand over a file as a browser does."""
    message = {"name": name, "bytes": len(data) if count is None else count}
    files = [memoryview(data)] if data else []
    pad.controls["sketch"]._handle_custom_msg(message, files)


def saved(picture, kind, **options) -> bytes:
    file = io.BytesIO()
    if not isinstance(picture, Image.Image):
        picture = Image.fromarray(picture)
    picture.save(file, kind, **options)
    return file.getvalue()


# --- drawing --------------------------------------------------------------------------


def test_an_empty_sheet_is_white_and_is_coloured_at_once():
    negative = Negative()
    pad = make(negative)
    [(images, training)] = negative.calls
    assert images.shape == (1, SIZE, SIZE, 3) and images.dtype == np.float32
    assert (images == 1).all() and training is False
    assert not decoded(pad).any() and decoded(pad).shape == (SIZE, SIZE, 3)
    assert "the sheet is empty" in line(pad)


def test_a_stroke_reaches_the_generator_and_its_picture_is_shown():
    negative = Negative()
    pad = make(negative)
    send(pad, url(with_line()))
    images = negative.calls[-1][0]
    assert images.min() == -1 and images.max() == 1
    np.testing.assert_array_equal(images[0] < 0, with_line() == 0)
    np.testing.assert_array_equal(decoded(pad), 255 - with_line())
    assert len(negative.calls) == 2 and "follows each stroke" in line(pad)


def test_what_is_rubbed_out_is_white_for_the_generator_too():
    negative = Negative()
    pad = make(negative)
    for picture in (with_line(), WHITE):
        send(pad, url(picture))
    assert (negative.calls[-1][0] == 1).all() and not decoded(pad).any()


def test_an_empty_value_clears_the_sheet():
    pad = make()
    send(pad, url(with_line()))
    send(pad, "")
    assert not decoded(pad).any() and "the sheet is empty" in line(pad)


def test_python_can_draw_as_well():
    pad = make()
    sheet = pad.controls["sketch"]
    for picture in (with_line(), with_line()[..., :1], with_line() / 127.5 - 1):
        send(pad, "")
        sheet.show(picture)
        np.testing.assert_array_equal(sheet.picture(), with_line())
        np.testing.assert_array_equal(decoded(pad), 255 - with_line())
    with pytest.raises(ValueError, match=r"shape \(8, 8, 3\); expected \(32, 32, 1 or"):
        sheet.show(np.zeros((8, 8, 3)))


def test_a_pad_starts_from_the_first_sketch_and_offers_all():
    sketches = np.stack([with_line(), with_line(90)])
    for given in (sketches, sketches[..., :1]):
        pad = make(sketches=given)
        np.testing.assert_array_equal(decoded(pad), 255 - with_line())
        sheet = pad.controls["sketch"]
        assert len(sheet.starts) == 2 and sheet.value == sheet.starts[0]
        send(pad, sheet.starts[1])
        np.testing.assert_array_equal(decoded(pad), 255 - with_line(90))
    for nothing in (None, sketches[:0]):
        assert make(sketches=nothing).controls["sketch"].starts == []


def test_two_pads_do_not_share_their_state():
    first, second = make(), make()
    send(first, url(with_line()))
    upload(second, b"nothing")
    first.controls["sketch"].tools[0]["width"] = 9
    assert decoded(first).any() and not decoded(second).any()
    assert first.error is None and second.error is not None
    assert second.controls["sketch"].tools[0]["width"] == 3


def test_the_download_is_the_picture_that_is_shown():
    pad = make()
    for picture in (WHITE, with_line()):
        send(pad, url(picture))
        _, _, save, _ = pad.children[0].children[1].children
        code = re.search(
            'download="generated.png" href="data:image/png;base64,(.*?)"', save.value
        )
        assert base64.b64decode(code[1]) == bytes(pad.picture.value)


def test_an_untrusted_notebook_shows_a_sentence():
    pad = make()
    send(pad, url(with_line()))
    assert repr(pad) == "sketch pad: run this cell to use it"


def test_the_real_network_colours_a_sheet():
    import keras

    inputs = keras.Input((SIZE, SIZE, 3))
    outputs = keras.layers.Conv2D(3, 3, padding="same", activation="tanh")(inputs)
    pad = make(keras.Model(inputs, outputs))
    before = bytes(pad.picture.value)
    send(pad, url(with_line()))
    assert bytes(pad.picture.value) != before and pad.error is None


# --- uploads --------------------------------------------------------------------------

GREY = np.full((40, 60), 90, np.uint8)
CLEAR = np.zeros((40, 60, 4), np.uint8)
DARK_ABOVE = Image.fromarray(np.repeat(np.uint8([0, 255]), 32)[:, None].repeat(64, 1))
TURNED = Image.Exif()
TURNED[0x0112] = 3  # the camera was held upside down
FRAMES = [Image.new("P", (50, 50), number) for number in range(3)]
for frame in FRAMES:
    frame.putpalette([90, 90, 90, 10, 200, 10, 200, 10, 10])


@pytest.mark.parametrize(
    ("data", "expected"),
    {
        "grey": (saved(GREY, "PNG"), 90),
        "grey of 16 bits": (saved(np.uint16(GREY) * 257, "PNG"), 90),
        "two colours": (saved(Image.new("1", (9, 9), 1), "PNG"), 255),
        "a palette": (saved(FRAMES[0], "PNG"), 90),
        "cmyk": (saved(Image.new("CMYK", (90, 90)), "JPEG"), 255),
        "transparent": (saved(CLEAR, "PNG"), 255),
        "transparent grey": (saved(Image.new("LA", (9, 9), (0, 0)), "PNG"), 255),
        "webp": (saved(GREY, "WEBP", lossless=True), 90),
        "jpeg": (saved(GREY, "JPEG"), 90),
        "moving gif": (
            saved(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:]),
            90,
        ),
        "one pixel": (saved(GREY[:1, :1], "PNG"), 90),
        "a thin one": (saved(np.full((1, 3000), 90, np.uint8), "PNG"), 90),
        "a large one": (saved(np.full((3000, 4000), 90, np.uint8), "PNG"), 90),
    }.values(),
    ids=str,
)
def test_any_picture_can_be_uploaded(data, expected):
    pad = make()
    upload(pad, data)
    assert pad.error is None and decoded(pad).shape == (SIZE, SIZE, 3)
    assert np.abs(255 - expected - np.int32(decoded(pad))).max() <= 1
    sheet = pad.controls["sketch"]
    assert sheet.value.startswith("data:image/png;base64,")
    np.testing.assert_array_equal(sheet.picture(), 255 - decoded(pad))


def test_a_photo_is_turned_as_it_was_taken():
    pad = make()
    upload(pad, saved(DARK_ABOVE, "JPEG", exif=TURNED.tobytes()), name="photo.jpg")
    assert pad.controls["sketch"].picture()[2].mean() > 250
    assert pad.controls["sketch"].picture()[-2].mean() < 5


WHOLE = saved(np.random.default_rng(0).integers(0, 256, (99, 99), np.uint8), "PNG")
NO_PICTURES = {
    "empty.png": b"",
    "text.png": b"hello",
    "page.png": b"<!doctype html><script>alert(1)</script>",
    "vector.png": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "paper.png": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj",
    "drawing.png": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "table.png": saved(GREY, "TIFF"),
    "head.png": b"\x89PNG\r\n\x1a\n",
    "cut.png": WHOLE[: len(WHOLE) // 2],
    "bent.png": WHOLE[:60] + b"\0\1\2\3" * 20 + WHOLE[140:],
    "cut.jpg": saved(GREY, "JPEG")[:300],
    "cut.gif": saved(FRAMES[0], "GIF")[:20],
    "<b>bold</b>.png": b"GIF89a",
}


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_is_no_picture_is_named_and_changes_nothing(name):
    pad = make()
    send(pad, url(with_line()))
    before = bytes(pad.picture.value), pad.controls["sketch"].value
    upload(pad, NO_PICTURES[name], name=name)
    said = pad.line.value
    assert 'role="alert"' in said and "could not be read: " in said
    assert name.replace("<", "&lt;").replace(">", "&gt;") in said
    assert "0x" not in said and "Error" not in said and "<b>" not in said
    assert (bytes(pad.picture.value), pad.controls["sketch"].value) == before


def test_a_cut_file_of_any_length_gives_a_picture_or_a_message():
    pad = make()
    kinds = {"PNG": 7, "JPEG": 7, "WEBP": 7, "GIF": 7}
    for kind, step in kinds.items():
        whole = saved(np.asarray(FRAMES[0].convert("RGB")), kind)
        for length in range(0, len(whole), step):
            upload(pad, whole[:length], name=f"cut.{kind}")
            assert pad.error is None or "could not be read: " in line(pad)
        upload(pad, whole)
        send(pad, "")
        assert pad.error is None


def test_random_damage_gives_a_picture_or_a_message():
    random = np.random.default_rng(0)
    pad = make()
    for kind in ("PNG", "JPEG", "WEBP", "GIF"):
        whole = np.frombuffer(
            saved(np.asarray(FRAMES[1].convert("RGB")), kind), np.uint8
        )
        for _ in range(40):
            bent = whole.copy()
            places = random.integers(0, len(bent), 3)
            bent[places] = random.integers(0, 256, 3)
            upload(pad, bent.tobytes(), name=f"bent.{kind}")
            assert pad.error is None or "could not be read: " in line(pad)


def huge(width: int, height: int) -> bytes:
    """Return a small PNG whose head promises so many pixels."""
    import struct
    import zlib

    chunks = b"\x89PNG\r\n\x1a\n"
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    for kind, body in ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")):
        check = struct.pack(">I", zlib.crc32(kind + body))
        chunks += struct.pack(">I", len(body)) + kind + body + check
    return chunks


@pytest.mark.parametrize("side", [7_072, 11_000, 20_000, 2**31 - 1])
def test_a_huge_picture_is_refused_before_it_is_decoded(side, recwarn):
    pad = make()
    upload(pad, huge(side, side), name="bomb.png")
    assert "bomb.png could not be read" in line(pad) and "pixels" in line(pad)
    assert not recwarn.list


def test_a_folder_with_a_huge_picture_is_read_all_the_same(tmp_path, capsys):
    (tmp_path / "bomb.png").write_bytes(huge(20_000, 20_000))
    Image.new("RGB", (64, 32)).save(tmp_path / "good.png")
    assert len(own.from_folder(tmp_path, size=32).inputs) == 1
    assert (
        "passed over: bomb.png: more than 50,000,000 pixels" in capsys.readouterr().out
    )


def test_a_file_too_large_to_be_sent_is_refused_with_its_size():
    pad = make()
    upload(pad, b"", name="photo.jpg", count=12_345_678)
    assert "photo.jpg has 12.3 MB; expected at most 8 MB" in line(pad)


def test_the_next_drawing_that_works_clears_the_message():
    pad = make()
    upload(pad, b"nothing")
    assert pad.error is not None
    send(pad, url(with_line()))
    assert pad.error is None and "alert" not in pad.line.value
    for _ in range(2):  # the second time it is on the sheet already
        upload(pad, b"nothing")
        upload(pad, saved(with_line(90), "PNG"))
        assert pad.error is None and "alert" not in pad.line.value


def test_a_message_of_another_form_does_no_harm():
    pad = make()
    for message in ({}, {"name": 3}, {"name": "a", "bytes": "b"}, [], "text", None):
        pad.controls["sketch"]._handle_custom_msg(message, [])
        assert 'role="alert"' in pad.line.value
    send(pad, url(with_line()))
    assert pad.error is None


# --- faults ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "data:,",
        "hello",
        "data:image/png;base64,",
        "data:image/png;base64,!!!",
        "data:image/png;base64,AAAA",
        "data:text/html;base64," + url(WHITE).split(",")[1],
        url(WHITE)[:102],
        url(WHITE, "JPEG"),
        url(WHITE, "JPEG").replace("jpeg", "png"),
        url(WHITE[:-1]),
        url(np.zeros((900, 900, 3), np.uint8)),
        "data:image/png;base64," + base64.b64encode(huge(60_000, 60_000)).decode(),
        "data:image/png;base64,ä",
    ],
)
def test_what_is_no_drawing_is_said_and_the_next_stroke_works(value):
    negative = Negative()
    pad = make(negative)
    send(pad, url(with_line()))
    before = bytes(pad.picture.value)
    send(pad, value)
    assert "does not hold a PNG of 32 × 32 pixels" in line(pad)
    assert bytes(pad.picture.value) == before and len(negative.calls) == 2
    send(pad, "")
    assert pad.error is None and not decoded(pad).any()


def test_a_generator_that_fails_is_shown_and_the_next_stroke_clears_it():
    negative = Negative()
    pad = make(negative)
    before = bytes(pad.picture.value)
    negative.fault = RuntimeError("no <memory> left")
    send(pad, url(with_line()))
    assert "RuntimeError: no &lt;memory&gt; left" in pad.line.value
    assert "generator(images, training=False), with image (1, 32, 32, 3)" in line(pad)
    assert pad.error is negative.fault and bytes(pad.picture.value) == before
    upload(pad, saved(with_line(90), "PNG"))
    assert pad.error is negative.fault
    negative.fault = None
    send(pad, url(with_line(60)))
    assert pad.error is None and bytes(pad.picture.value) != before


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"generator": "pix2pix"}, TypeError, "str; expected something to be called"),
        ({"size": 0}, ValueError, "size is 0; expected a whole number above 0"),
        ({"size": 2.5}, ValueError, "size is 2.5; expected"),
        ({"sketches": WHITE}, ValueError, r"shape \(32, 32, 3\); expected \(n, size"),
        (
            {"sketches": np.zeros((1, 8, 8, 1))},
            ValueError,
            r"\(8, 8, 1\); expected \(32",
        ),
        (
            {"generator": lambda images, training: images[0]},
            ValueError,
            r"shape \(32, 32, 3\) for 1 image; expected pictures \(1, height",
        ),
        (
            {"generator": lambda images, training: images[..., :2]},
            ValueError,
            r"\(1, 32, 32, 2\) for 1 image; expected pictures \(1, height, width, 1 or",
        ),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(options, error, says):
    with pytest.raises(error, match=says):
        sketch_pad(**{"generator": Negative(), "size": SIZE, **options})


def test_pictures_that_change_their_size_are_an_error_and_not_a_jump():
    pad = make(lambda images, training: images[:, : 32 if images.min() == 1 else 16])
    send(pad, url(with_line()))
    assert "expected pictures of the same shape" in line(pad)
    assert (pad.picture.width, pad.picture.height) == ("320px", "320px")
