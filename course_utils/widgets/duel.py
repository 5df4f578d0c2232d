"""A GAN on points in the plane, trained live: one step, or many, at a time."""

from functools import partial

import cv2
import ipywidgets
import keras
import numpy as np
import tensorflow as tf
from course_utils.losses import discriminator_loss, generator_loss
from course_utils.plotting import GENERATED, GREY, REAL, VERDICTS
from course_utils.widgets.digits import Again
from course_utils.widgets.panel import Panel
from keras import layers
from PIL import ImageColor

SPOTS = np.array([(np.cos(a), np.sin(a)) for a in np.arange(8) * np.pi / 4])
D, G = BOTH = 0, 1
STEPS = {"discriminator once": [D], "generator once": [G], "both ten times": 10 * BOTH}
AUTO = {"width": "auto"}
WIDTH, BATCH, SHOWN = 32, 128, 200
LONGEST = 300  # times ten steps of both, until it pauses by itself

SIDE, LEFT, RIGHT, TOP, BOTTOM = 720, 50, 650, 20, 700  # pixels, two for one of a page
LINE = np.linspace(-1.7, 1.7, 45)
GRID = np.stack(np.meshgrid(LINE, -LINE), axis=2).reshape(-1, 2)  # from the top left
BLUE, ORANGE, INK = map(ImageColor.getrgb, (REAL, GENERATED, GREY))
KEY = f"""<b style="color: {REAL}">Blue</b>: real points, the discriminator's loss, and
where it says “real”<br><b style="color: {GENERATED}">Orange</b>: generated points, the
generator's loss, and where the discriminator says “generated”"""


def batch(shape: str, count: int, random: np.random.Generator) -> tuple:
    """Return real points of one of the shapes, and noise, (count, 2) each."""
    angle = random.uniform(0, 2 * np.pi, count)
    places, spread = np.stack([np.cos(angle), np.sin(angle)], axis=1), 0.03
    if shape == "two moons":
        half = np.where(angle < np.pi, 1, -1)  # the upper one, or the lower one
        places = (places + np.outer(half, [-0.5, -0.25])) / 1.2
    elif shape == "eight spots":
        places, spread = SPOTS[random.integers(8, size=count)], 0.05
    noise = random.normal(size=(count, 2))
    return places + random.normal(0, spread, (count, 2)), noise


def network(outputs: int, activation: str) -> keras.Sequential:
    """Return two hidden layers and a linear one, for points or noise, (n, 2)."""
    hidden = [layers.Dense(WIDTH, activation) for _ in range(2)]
    return keras.Sequential([keras.Input((2,)), *hidden, layers.Dense(outputs)])


class Game:
    """Two small networks that are trained as in lesson 1, and what came of it."""

    clock = None  # of the newest game, the only one that may play

    def __init__(self):
        self.players = [network(1, "tanh"), network(2, "leaky_relu")]  # its slope: 0.2
        self.discriminator, self.generator = self.players
        self.optimizers = [keras.optimizers.Adam(beta_1=0.5) for _ in BOTH]
        self.train_steps = list(map(self.make_train_step, BOTH))
        self.began = None

    def make_train_step(self, player: int):
        """Return the training step of one of the two players."""
        weights = self.players[player].trainable_variables

        @tf.function
        def train_step(real, noise):
            with tf.GradientTape() as tape:
                loss = self.losses(real, self.generator(noise))[player]
            self.optimizers[player].apply(tape.gradient(loss, weights), weights)

        return train_step

    def losses(self, real, fake) -> tuple:
        """Return the discriminator's loss and the generator's."""
        real_logits, fake_logits = self.discriminator(real), self.discriminator(fake)
        return discriminator_loss(real_logits, fake_logits), generator_loss(fake_logits)

    def start(self, shape: str, seed: int) -> None:
        """Begin anew, with new weights in the same networks."""
        self.began, self.random = (shape, seed), np.random.default_rng(seed)
        for weights in self.generator.weights + self.discriminator.weights:
            spread = 0 if weights.ndim == 1 else weights.shape[0] ** -0.5
            weights.assign(self.random.normal(0, spread, weights.shape))
        for variable in self.optimizers[D].variables + self.optimizers[G].variables:
            variable.assign(keras.ops.zeros_like(variable))
        self.real, self.noise = batch(shape, SHOWN, self.random)
        self.history = []  # of steps and losses, one for each picture

    def train(self, player: int, rate: float) -> None:
        """Let one player take one step."""
        self.optimizers[player].learning_rate = rate
        self.train_steps[player](*batch(self.began[0], BATCH, self.random))

    def look(self) -> str:
        """Generate the points that are shown, and return how the game stands."""
        self.fake = np.asarray(self.generator(self.noise))
        steps = [int(optimizer.iterations) for optimizer in self.optimizers]
        losses = list(map(float, self.losses(self.real, self.fake)))
        self.history.append((sum(steps), *losses))
        says = "{}: {:,} steps, loss {:.2f}".format
        return "; ".join(map(says, ("discriminator", "generator"), steps, losses))


def drawn(game: Game) -> bytes:
    """Return the plane, coloured by the discriminator, and both curves, as a JPEG."""
    logits = np.asarray(game.discriminator(GRID)).reshape(len(LINE), len(LINE))
    pale = VERDICTS(0.5 + 0.3 * np.tanh(1.5 * logits), bytes=True)[..., :3]
    plane = cv2.resize(pale, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    pairs = np.stack([game.real, game.fake], axis=1).clip(-9, 9) * [1, -1]
    for pair in np.int32(SIDE * (0.5 + pairs / 3.4)).tolist():
        for place, colour in zip(pair, (BLUE, ORANGE), strict=True):
            cv2.circle(plane, place, 8, (255, 255, 255), cv2.FILLED, cv2.LINE_AA)
            cv2.circle(plane, place, 6, colour, cv2.FILLED, cv2.LINE_AA)
    steps, *losses = np.transpose(game.history)
    across = LEFT + (RIGHT - LEFT) * steps / max(200, steps[-1])
    scale = (TOP - BOTTOM) / max(2, np.max(losses))
    beside = np.full((SIDE, 780, 3), 255, np.uint8)
    for words, loss in [("0", 0), ("log 2", np.log(2)), ("2 log 2", np.log(4))]:
        y = int(BOTTOM + scale * loss)
        cv2.putText(beside, words, (RIGHT + 10, y + 9), 0, 0.95, INK, 1, cv2.LINE_AA)
        for x in range(LEFT, RIGHT, 20):
            cv2.line(beside, (x, y), (x + 10, y), INK, 2)
    for values, colour in zip(losses, (BLUE, ORANGE), strict=True):
        curve = np.int32([across, BOTTOM + scale * values]).T
        cv2.polylines(beside, [curve], False, colour, 3, cv2.LINE_AA)
    return cv2.imencode(".jpg", np.hstack([plane, beside])[..., ::-1])[1].tobytes()


def duel(shape: str = "ring") -> Panel:
    """Return a widget: a GAN that learns a "ring", "two moons" or "eight spots"."""
    game, log = Game(), {"min": -4, "max": -1.5, "readout_format": ".1e"}
    rates = [ipywidgets.FloatLogSlider(value=10**n, **log) for n in (-2.5, -3)]
    shapes = ["ring", "two moons", "eight spots"]
    controls = {
        "shape": ipywidgets.ToggleButtons(options=shapes, value=shape),
        "train": Again("new start"),
        "discriminator's rate": rates[D],
        "generator's rate": rates[G],
    }

    def draw(shape, start, *_):
        if game.began != (shape, start):
            game.start(shape, start)
        line = game.look()
        return drawn(game), line

    def train(players, _):
        for player in players:
            game.train(player, rates[player].value)
        panel.redraw()

    panel = Panel("duel", controls, draw)
    *rows, picture, line = panel.children
    panel.children = [*rows, ipywidgets.HTML(KEY), picture, line]
    picture.set_state({"format": "jpeg", "width": "750", "height": "360"})
    label, start = rows[1].children
    buttons = [ipywidgets.Button(description=name, layout=AUTO) for name in STEPS]
    for button, players in zip(buttons, STEPS.values(), strict=True):
        button.on_click(partial(train, players))
    if Game.clock:
        Game.clock.playing = False
    Game.clock = ipywidgets.Play(max=LONGEST, layout={"display": "none"})
    Game.clock.observe(partial(train, 10 * BOTH), "value")
    play = ipywidgets.ToggleButton(description="play / pause", layout=AUTO)
    ipywidgets.link((play, "value"), (Game.clock, "playing"))
    rows[1].children = [label, *buttons, play, Game.clock, start]
    return panel
