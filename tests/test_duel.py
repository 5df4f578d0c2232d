"""The duel: its training, and its play with and without a browser."""

import re

import ipywidgets
import nbformat
import numpy as np
import pytest
from build import read_source
from course_utils.widgets import duel
from course_utils.widgets.duel import BOTH, SPOTS, D, G, Game
from lab import NEEDS_BROWSER, ROOT, run_all
from test_lessons_browser import after, button, panel_of


@pytest.fixture(scope="module")
def game() -> Game:
    """A game that gets a new start in each test, so that its steps are traced once."""
    return Game()


def play(game: Game, players: list[int], d_rate=3e-3, g_rate=1e-3) -> np.ndarray:
    """Let the players take their steps; returns both losses then."""
    for player in players:
        game.train(player, (d_rate, g_rate)[player])
    game.look()
    return np.array(game.history[-1][1:])


def part(panel, kind: type, name: str = ""):
    """Return the part of this kind in the row of buttons."""
    parts = panel.children[1].children
    return next(p for p in parts if isinstance(p, kind) and name in p.description)


def steps(panel) -> list[int]:
    return list(map(int, re.findall(r"(\d+) steps", panel.line.value)))


def test_each_player_moves_its_own_loss_down(game):
    game.start("ring", 1)
    first, second = play(game, []), play(game, 30 * [D])
    assert second[D] < first[D] and second[G] > first[G]
    assert play(game, 30 * [G])[G] < second[G]


def test_it_converges_on_the_ring(game):
    game.start("ring", 1)
    losses = play(game, 1_500 * BOTH)
    assert np.allclose(losses, np.log([4, 2]), atol=0.1)
    assert np.abs(np.linalg.norm(game.fake, axis=1) - 1).mean() < 0.15
    assert np.histogram(np.arctan2(*game.fake.T), bins=12)[0].all()


@pytest.mark.parametrize(("g_rate", "low", "high"), [(1e-3, 6, 8), (0.02, 0, 3)])
def test_a_fast_generator_collapses_on_eight_spots(game, g_rate, low, high):
    game.start("eight spots", 1)
    play(game, 1_500 * BOTH, g_rate=g_rate)
    distances = np.linalg.norm(game.fake[:, np.newaxis] - SPOTS, axis=2)
    assert low <= ((distances < 0.2).mean(axis=0) > 0.01).sum() <= high


def test_a_step_is_taken_for_each_click_and_another_start_or_shape_is_a_new_game():
    panel = duel("two moons")
    first = bytes(panel.picture.value)
    for name, taken in (("disc", [1, 0]), ("gen", [1, 1]), ("both", [11, 11])):
        part(panel, ipywidgets.Button, name).click()
        assert steps(panel) == taken and bytes(panel.picture.value) != first
    panel.controls["train"].click()
    assert steps(panel) == [0, 0] and bytes(panel.picture.value) != first
    panel.controls["train"].value = 1
    assert bytes(panel.picture.value) == first
    panel.controls["shape"].value = "eight spots"
    assert bytes(panel.picture.value) != first and panel.error is None


def test_it_plays_by_a_clock_that_ends_and_that_a_new_duel_stops():
    panel = duel()
    clock = part(panel, ipywidgets.Play)
    toggle = part(panel, ipywidgets.ToggleButton)
    toggle.value = True
    assert clock.playing and not clock.repeat and clock.max < 1_000
    clock.set_state({"value": 1})  # as a browser sets it
    assert steps(panel) == [10, 10]
    duel()
    assert not clock.playing and not toggle.value


@NEEDS_BROWSER
def test_it_is_played_by_hand_and_alone_while_other_cells_run(lab):
    notebook = read_source(ROOT / "notebooks/source/01_fashion_mnist_dcgan.py")
    cells = "import course_utils as cu\ncu.widgets.duel()", "print(6 * 7)"
    notebook.cells = list(map(nbformat.v4.new_code_cell, cells))
    nbformat.write(notebook, lab.notebooks / "duel.ipynb")
    with lab.open("duel.ipynb") as page:
        run_all(page)
        panel = panel_of(page, "duel")
        first = after(page, panel, button(panel, "discriminator once").click)
        button(panel, "both ten times").focus()
        assert after(page, panel, page.keyboard.press, "Enter") != first
        button(panel, "play / pause").click()
        five = {after(page, panel, bool) for _ in range(5)}  # they come by themselves
        page.locator(".jp-CodeCell").nth(1).locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.type("print(6 * 8)")
        page.keyboard.press("Control+Enter")
        page.get_by_text("48", exact=True).wait_for()
        assert after(page, panel, bool) not in five
        button(panel, "play / pause").click()
        assert page.faults == []
