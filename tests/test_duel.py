"""The duel: its gradients, its training, its play with and without a browser."""

import asyncio
import re
import sys

import numpy as np
import pytest
from course_utils.widgets import duel
from course_utils.widgets.duel import Game, Network
from lab import NEEDS_BROWSER, notebook_page
from playing import after, button, panel_of

MODULE = sys.modules["course_utils.widgets.duel"]  # the function has its name
FIVE_PICTURES = """image => new Promise(done => {
  let count = 0;
  const seen = () => ++count === 5 && done(true);
  new MutationObserver(seen).observe(image, {attributeFilter: ['src']});
})"""


def trained(shape: str, steps: int, d_rate: float, g_rate: float) -> Game:
    game = Game(shape, [0, 1])
    for _ in range(steps):
        game.step_of_discriminator(d_rate)
        game.step_of_generator(g_rate)
    game.look()
    return game


def steps(panel) -> list[int]:
    """Return how many steps both players have taken, as the line says."""
    return list(map(int, re.findall(r"(\d+) steps", panel.line.value)))


@pytest.mark.parametrize("activation", [MODULE.TANH, MODULE.LEAKY_RELU])
def test_the_gradients_are_those_of_small_differences(activation):
    random = np.random.default_rng(0)
    network, inputs = (
        Network([2, 5, 4, 1], activation, random),
        random.normal(size=(6, 2)),
    )
    weights = random.normal(size=(6, 1))  # the loss is a weighted sum of the outputs
    network(inputs)
    found, by_inputs = network.gradients(weights)
    for array, slopes in zip(
        [*network.parts, inputs], [*found, by_inputs], strict=True
    ):
        for at, slope in np.ndenumerate(slopes):
            array[at] += 1e-5
            above = (weights * network(inputs)).sum()
            array[at] -= 2e-5
            below = (weights * network(inputs)).sum()
            array[at] += 1e-5
            assert (above - below) / 2e-5 == pytest.approx(slope, abs=1e-6)


def test_each_player_moves_its_own_loss_down():
    panel = duel()
    panel.go(30, 0)
    (first, tricked), (last, fooled) = panel.game.losses[0], panel.game.losses[-1]
    assert last < first and fooled > tricked and steps(panel) == [30, 0]
    panel.go(0, 30)
    assert panel.game.losses[-1][1] < fooled and steps(panel) == [30, 30]


def test_it_converges_on_the_ring():
    fake = trained("ring", 1_500, 3e-3, 1e-3).fake
    assert np.abs(np.linalg.norm(fake, axis=1) - 1).mean() < 0.15
    parts = np.histogram(np.arctan2(*fake.T), bins=12, range=(-np.pi, np.pi))[0]
    assert (parts > 0).all()


@pytest.mark.parametrize(("g_rate", "low", "high"), [(1e-3, 6, 8), (0.02, 0, 3)])
def test_a_fast_generator_collapses_on_eight_spots(g_rate, low, high):
    assert low <= trained("eight spots", 1_500, 3e-3, g_rate).spots_hit() <= high


def test_one_seed_gives_one_game_and_a_new_start_another():
    first, again, other = (duel("two moons", seed=seed) for seed in (0, 0, 1))
    for panel in (first, again, other):
        panel.go(5, 5)
    pictures = [bytes(panel.picture.value) for panel in (first, again, other)]
    assert pictures[0] == pictures[1] != pictures[2]
    again.controls["train"].click()
    assert steps(again) == [0, 0] and bytes(again.picture.value) != pictures[0]
    again.controls["shape"].value = "eight spots"
    assert "of 8" in again.line.value and repr(again) == "duel: run this cell to use it"


def test_play_takes_a_hundred_steps_where_no_event_loop_runs():
    panel = duel()
    panel.button.click()
    assert steps(panel) == [100, 100] and panel.button.description == "play"


def test_a_new_duel_stops_the_one_that_plays_and_each_ends_by_itself(monkeypatch):
    monkeypatch.setattr(MODULE, "LONGEST", 20)

    async def session():
        first = duel()
        first.button.click()
        await asyncio.sleep(0)  # lets the task begin
        assert steps(first) == [10, 10] and first.button.description == "pause"
        second = duel()
        await asyncio.wait([first.playing])
        assert steps(first) == [10, 10] and first.button.description == "play"
        second.button.click()
        await second.playing
        assert steps(second) == [20, 20] and second.button.description == "play"

    asyncio.run(session())


@NEEDS_BROWSER
def test_it_is_played_by_hand_and_alone_while_other_cells_run(tmp_path):
    cells = ["import course_utils as cu\ncu.widgets.duel()", "print(6 * 7)"]
    with notebook_page(tmp_path, cells) as page:
        panel = panel_of(page, "duel")
        image = panel.locator("img").element_handle()
        first = after(page, panel, button(panel, "one step of the discriminator").click)
        button(panel, "ten of both").focus()
        assert after(page, panel, page.keyboard.press, "Enter") != first
        button(panel, "play").click()
        assert image.evaluate(FIVE_PICTURES)
        page.locator(".jp-CodeCell").nth(1).locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.type("print(6 * 8)")
        page.keyboard.press("Control+Enter")
        page.get_by_text("48", exact=True).wait_for()
        assert image.evaluate(FIVE_PICTURES)
        button(panel, "pause").click()
        button(panel, "play").wait_for()
        assert page.faults == []
