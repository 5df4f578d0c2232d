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


@pytest.fixture
def figures(monkeypatch):
    """Return a list of the figures that were drawn and closed."""
    closed = []
    close = plt.close
    monkeypatch.setattr(plt, "close", lambda figure: closed.append(figure))
    yield closed
    close("all")


def test_floats_are_clipped_and_not_wrapped():
    found = plotting.to_uint8(np.array([-1.2, -1.0, 0.0, 1.0, 1.2]))
    assert found.tolist() == [0, 0, 128, 255, 255]


def test_uint8_pictures_survive_the_way_to_floats_and_back():
    pixels = np.arange(256, dtype=np.uint8)
    found = plotting.to_uint8(pixels / np.float32(127.5) - 1.0)
    np.testing.assert_array_equal(found, pixels)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_tile_holds_its_pictures_row_by_row(channels):
    images = some(channels=channels)
    tiled = plotting.tile(images, columns=3)
    for number, image in enumerate(images):
        y, x = divmod(number, 3) * (np.array([5, 7]) + plotting.GAP) + plotting.GAP
        np.testing.assert_array_equal(tiled[y : y + 5, x : x + 7], image)


def test_an_incomplete_row_is_filled_with_white_and_pixels_become_squares():
    tiled = plotting.tile(np.zeros((3, 4, 4, 1), np.uint8), columns=2, zoom=3)
    assert tiled.shape == (42, 42, 1)
    assert tiled[-15:, -15:].min() == 255 and tiled[6:18, 6:18].max() == 0


def test_tile_says_what_it_expected():
    with pytest.raises(ValueError, match=r"\(n, h, w, c\).*\(28, 28\)"):
        plotting.tile(np.zeros((28, 28)))


def test_a_film_has_all_frames_in_order(tmp_path):
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


def test_no_figure_stays_open():
    images = some()
    plotting.grid(images, columns=3, titles=range(6))
    plotting.compare({"a": images, "b": images / 127.5 - 1})
    plotting.arrays({"input": np.eye(2), "output": np.eye(5)})
    plotting.lines(np.arange(3), {"y": [1, 2, 3]}, xlabel="x", ylabel="y")
    assert plt.get_fignums() == []


@pytest.mark.parametrize(("rows", "size"), [(1, 700), (9, 256), (2, 28)])
def test_a_comparison_fits_on_a_page_enlarged_if_small(figures, rows, size):
    pictures = np.zeros((10 if size == 28 else 3, size, size, 3), np.uint8)
    plotting.compare({str(number): pictures for number in range(rows)})
    [axis] = figures[0].axes
    assert figures[0].get_size_inches().max() <= plotting.PAGE
    assert [label.get_text() for label in axis.get_yticklabels()] == [
        *"012345678"[:rows]
    ]
    width = figures[0].get_size_inches()[0] * plotting.DPI
    if size == 28:
        assert width / axis.images[0].get_array().shape[1] >= 3


def test_maps_have_the_two_colours_at_the_ends_of_one_scale(figures):
    plotting.maps({"real": [[0.0, 0.5]], "fake": [[0.2, 1.0]]}, label="chance")
    [figure] = figures
    for image in [axis.images[0] for axis in figure.axes[:2]]:
        assert image.get_clim() == (0, 1)
        ends = [matplotlib.colors.to_hex(image.cmap(end)) for end in (0.0, 1.0)]
        assert ends == [plotting.GENERATED, plotting.REAL]
    assert [axis.get_title() for axis in figure.axes[:2]] == ["real", "fake"]
    assert figure.axes[2].get_ylabel() == "chance"


def test_curves_are_smoothed_over_pale_ones_beside_the_levels_that_are_known(figures):
    noisy = np.random.default_rng(0).normal(size=1_000)
    panels = [{"zebra_d_loss": noisy, "zebra_g_loss": noisy}, {"other": [2.0, 3.0]}]
    plotting.curves(panels, [{"log 2": np.log(2)}])
    first, second = figures[0].axes
    thick = [line for line in first.lines if line.get_label() in panels[0]]
    assert [line.get_color() for line in thick] == [plotting.REAL, plotting.GENERATED]
    smooth, pale = thick[0].get_ydata(), first.lines[1]
    assert np.std(smooth) < np.std(noisy) / 3 and pale.get_alpha() < 0.2
    assert smooth[0] == pytest.approx(noisy[:20].mean())
    assert "20" in first.get_legend().get_title().get_text()
    assert [text.get_text() for text in first.texts] == ["log 2"]
    assert first.lines[-1].get_ydata() == pytest.approx([np.log(2)] * 2)
    assert second.lines[0].get_ydata().tolist() == [2.0, 3.0] and not second.texts
