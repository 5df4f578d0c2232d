"""Pictures as arrays and files, and figures that do not pile up."""

import matplotlib.colors
import matplotlib.pyplot as plt
import numpy as np
import pytest
from course_utils import plotting
from PIL import Image


def some(count=6, height=5, width=7, channels=1, seed=0):
    shape = (count, height, width, channels)
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def test_floats_are_clipped_and_not_wrapped():
    found = plotting.to_uint8(np.array([-1.2, -1.0, 0.0, 1.0, 1.2]))
    assert found.tolist() == [0, 0, 128, 255, 255]


def test_uint8_pictures_survive_the_way_to_floats_and_back():
    pixels = np.arange(256, dtype=np.uint8)
    found = plotting.to_uint8(pixels / np.float32(127.5) - 1.0)
    np.testing.assert_array_equal(found, pixels)


@pytest.mark.parametrize("channels", [1, 3])
def test_untile_gives_back_what_tile_was_given(channels, tmp_path):
    images = some(channels=channels)
    sheet = plotting.tile(images, columns=3)
    plotting.save_picture(sheet, tmp_path / "sheet.png")
    again = plotting.read_picture(tmp_path / "sheet.png")
    np.testing.assert_array_equal(plotting.untile(again, height=5, width=7), images)


def test_an_incomplete_row_is_filled_with_white():
    sheet = plotting.tile(np.zeros((3, 4, 4, 1), np.uint8), columns=2)
    assert sheet[-5:, -5:].min() == 255 and sheet[2:6, 2:6].max() == 0


def test_tile_says_what_it_expected():
    with pytest.raises(ValueError, match=r"\(n, h, w, c\).*\(28, 28\)"):
        plotting.tile(np.zeros((28, 28)))


def test_kept_frames_are_dense_at_first_and_end_with_the_last():
    kept = plotting.kept_frames(285)
    assert kept[:6] == [0, 1, 2, 4, 6, 8]  # 2√i rounds to 0, 2, 3, 3, 4, 4, 5, 5, 6
    assert kept[-1] == 284 and 30 <= len(kept) <= 40
    assert max(np.diff(kept[:10])) < min(np.diff(kept[-6:-1]))
    assert plotting.kept_frames(1) == [0] and plotting.kept_frames(0) == []


def test_a_gif_has_all_frames_in_order(tmp_path):
    frames = np.stack([np.full((4, 4, 1), value, np.uint8) for value in (0, 90, 255)])
    path = plotting.save_gif(frames, tmp_path / "film.gif")
    with Image.open(path) as film:
        assert film.n_frames == 3 and film.size == (4, 4)
        values = []
        for number in range(3):
            film.seek(number)
            values.append(np.asarray(film.convert("L")).mean())
    np.testing.assert_allclose(values, [0, 90, 255], atol=2)
    assert plotting.show_gif(path).data == path.read_bytes()


def test_figures_are_closed_and_can_be_written(tmp_path):
    images = some()
    plotting.grid(images, columns=3, titles=range(6), title="six")
    plotting.compare({"a": images, "b": images})
    plotting.one(images[0])
    plotting.arrays({"input": np.eye(2), "output": np.eye(5)})
    plotting.maps({"real": np.eye(4), "fake": np.zeros((4, 4))}, label="chance")
    plotting.lines(np.arange(3), {"y": [1, 2, 3]}, xlabel="x", ylabel="y")
    plotting.curves([{"d_loss": np.ones(70)}, {"g_loss": [2.0]}], tmp_path / "c.png")
    assert plt.get_fignums() == []
    assert Image.open(tmp_path / "c.png").size[0] > 500


@pytest.mark.parametrize(("rows", "size"), [(1, 700), (9, 80)])
def test_a_comparison_fits_on_a_page(monkeypatch, rows, size):
    figures = []
    monkeypatch.setattr(plotting.figures, "finish", figures.append)
    pictures = np.zeros((3, size, size, 3), np.uint8)
    for count in (rows, 1):
        plotting.compare({str(number): pictures for number in range(count)})
    for figure, count in zip(figures, (rows, 1), strict=True):
        width, height = figure.get_size_inches()
        assert max(width, height) <= plotting.figures.PAGE
        assert len(figure.axes) == count and len(figure.axes[0].images) == 1
        plt.close(figure)
    how = [figure.axes[0].images[0].get_interpolation() for figure in figures]
    assert how == ["hanning", "hanning" if size == 700 else "nearest"]


def test_maps_have_the_two_colours_at_the_ends_of_one_scale(monkeypatch):
    figures = []
    monkeypatch.setattr(plotting.figures, "finish", figures.append)
    plotting.maps({"real": [[0.0, 0.5]], "fake": [[0.2, 1.0]]}, label="chance")
    [figure] = figures
    drawn = [axis.images[0] for axis in figure.axes[:2]]
    for image in drawn:
        assert image.get_clim() == (0, 1)
        ends = [matplotlib.colors.to_hex(image.cmap(end)) for end in (0.0, 1.0)]
        assert ends == [plotting.GENERATED, plotting.REAL]
    assert [axis.get_title() for axis in figure.axes[:2]] == ["real", "fake"]
    assert figure.axes[2].get_ylabel() == "chance"
    plt.close(figure)


def test_a_diagram_has_its_boxes_and_arrows(monkeypatch):
    figures = []
    monkeypatch.setattr(plotting.diagrams, "finish", figures.append)
    places = {"noise z\n100": (0, 0), "generator": (1, 0), "fake\n28 × 28": (2, 0)}
    arrows = ["noise z > generator", "generator > fake"]
    plotting.diagram(places, arrows, title="half a GAN")
    (figure,) = figures
    (axis,) = figure.axes
    assert [text.get_text() for text in axis.texts] == [*places, "", ""]
    assert axis.get_title() == "half a GAN"
    boxes = [text.get_bbox_patch() for text in axis.texts[:3]]
    assert boxes[0].get_facecolor() != boxes[1].get_facecolor()
    assert matplotlib.colors.to_hex(boxes[2].get_edgecolor()) == plotting.GENERATED
    plt.close(figure)


@pytest.mark.parametrize("skips", [True, False])
def test_a_u_diagram_goes_down_and_up_and_across(monkeypatch, skips):
    drawn = []
    monkeypatch.setattr(plotting.diagrams, "diagram", lambda *all: drawn.extend(all))
    down, up = [(4, 4, 3), (2, 2, 8), (1, 1, 9)], [(2, 2, 7), (4, 4, 3)]
    plotting.u_diagram(down, up, names=("sketch", "photo"), skips=skips)
    places, arrows = drawn
    assert places == {
        "sketch\n4 × 4 × 3": (0, 2),
        "down 1\n2 × 2 × 8": (0, 1),
        "down 2\n1 × 1 × 9": (0, 0),
        "up 1\n2 × 2 × 7": (2, 1),
        "photo\n4 × 4 × 3": (2, 2),
    }
    assert arrows == [
        "sketch > down 1",
        "down 1 > down 2",
        "down 2 > up 1",
        "up 1 > photo",
        *(["down 1 > up 1"] if skips else []),
    ]


def test_a_diagram_names_the_box_that_is_missing():
    with pytest.raises(ValueError, match="'noise > judge' needs a box 'judge'.*noise"):
        plotting.diagram({"noise\n100": (0, 0)}, ["noise > judge"])
    assert not plt.get_fignums()
