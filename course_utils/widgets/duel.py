"""A GAN on points in the plane, trained live: one step, or many, at a time."""

import asyncio
import time
from functools import cache
from itertools import pairwise

import cv2
import ipywidgets
import numpy as np
from course_utils.plotting import GENERATED, REAL
from course_utils.widgets.digits import Again
from course_utils.widgets.panel import Panel
from matplotlib.colors import LinearSegmentedColormap
from PIL import Image, ImageColor, ImageDraw, ImageFont

SHAPES = ["ring", "two moons", "eight spots"]
SPOTS = np.array([(np.cos(a), np.sin(a)) for a in np.arange(8) * np.pi / 4])
SPREAD, NOISE_DIM, WIDTH, BATCH, SHOWN = 0.05, 2, 32, 128, 200
AT_ONCE, LONGEST = 10, 3_000  # steps of both: for a picture, and until it pauses

FINE = 2  # pixels of the picture for one of the page, where screens show them
WIDE, SIZE, LEFT, RIGHT, TOP, BOTTOM = (FINE * n for n in (750, 360, 384, 690, 96, 348))
BLUE, ORANGE = ImageColor.getrgb(REAL), ImageColor.getrgb(GENERATED)
INK, PALE, WHITE = (80, 80, 80), (200, 200, 200), (255, 255, 255)
SHADES = LinearSegmentedColormap.from_list("", ["#eba67a", "white", "#6ba2b4"])


def points(shape: str, count: int, random: np.random.Generator) -> np.ndarray:
    """Return real points, (count, 2), of one of the shapes."""
    if shape == "eight spots":
        places = SPOTS[random.integers(8, size=count)]
        return places + random.normal(0, SPREAD, (count, 2))
    angle = random.uniform(0, 2 * np.pi, count)
    places = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    if shape == "two moons":
        half = np.where(angle < np.pi, 1, -1)  # the upper one, or the lower one
        places = (places + np.outer(half, [-0.5, -0.25])) / 1.2
    return places + random.normal(0, 0.03, (count, 2))


class Network:
    """Dense layers with tanh between them, and Adam for their weights and biases."""

    def __init__(self, sizes: list[int], random: np.random.Generator):
        self.parts, self.steps = [], 0  # of each layer the weights, then the biases
        for a, b in pairwise(sizes):
            self.parts += [random.normal(0, a**-0.5, (a, b)), np.zeros(b)]
        self.means, self.squares = ([0 * part for part in self.parts] for _ in range(2))

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        """Return the outputs for inputs with n rows; the last layer has no tanh."""
        self.seen = [inputs]  # by each layer
        for weights, biases in zip(self.parts[::2], self.parts[1::2], strict=True):
            outputs = self.seen[-1] @ weights + biases
            self.seen.append(np.tanh(outputs))
        return outputs

    def gradients(self, slope: np.ndarray) -> tuple[list, np.ndarray]:
        """Return gradients by the parts and the inputs, given that by the outputs."""
        found = []
        for layer in reversed(range(len(self.parts) // 2)):
            found = [self.seen[layer].T @ slope, slope.sum(axis=0), *found]
            slope = slope @ self.parts[2 * layer].T
            if layer > 0:
                slope = slope * (1 - self.seen[layer] ** 2)  # tanh' = 1 - tanh²
        return found, slope

    def update(self, gradients: list, rate: float) -> None:
        """Take one step of Adam, whose betas are 0.5 and 0.999."""
        self.steps += 1
        rate = rate * (1 - 0.999**self.steps) ** 0.5 / (1 - 0.5**self.steps)
        state = zip(self.parts, self.means, self.squares, gradients, strict=True)
        for part, mean, square, slope in state:
            mean += 0.5 * (slope - mean)
            square += 0.001 * (slope**2 - square)
            part -= rate * mean / (np.sqrt(square) + 1e-7)


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Return probabilities, from 0 to 1; it does not overflow."""
    return (1 + np.tanh(logits / 2)) / 2


class Game:
    """Both players, the points that are shown, and the losses on these."""

    def __init__(self, shape: str, seed: list[int]):
        self.shape, self.random = shape, np.random.default_rng(seed)
        self.generator = Network([NOISE_DIM, WIDTH, WIDTH, 2], self.random)
        self.discriminator = Network([2, WIDTH, WIDTH, 1], self.random)
        self.real = points(shape, SHOWN, self.random)
        self.noise = self.random.normal(size=(SHOWN, NOISE_DIM))
        self.losses = []
        self.look()

    def step_of_discriminator(self, rate: float) -> None:
        """Move the logits of real points up, and those of generated ones down."""
        fake = self.generator(self.random.normal(size=(BATCH, NOISE_DIM)))
        both = np.concatenate([points(self.shape, BATCH, self.random), fake])
        labels = np.repeat([[1], [0]], BATCH, axis=0)
        slope = sigmoid(self.discriminator(both)) - labels  # of the cross entropy
        gradients, _ = self.discriminator.gradients(slope / BATCH)
        self.discriminator.update(gradients, rate)

    def step_of_generator(self, rate: float) -> None:
        """Move generated points to where their logits are higher."""
        fake = self.generator(self.random.normal(size=(BATCH, NOISE_DIM)))
        slope = sigmoid(self.discriminator(fake)) - 1
        _, slope = self.discriminator.gradients(slope / BATCH)
        gradients, _ = self.generator.gradients(slope)
        self.generator.update(gradients, rate)

    def look(self) -> None:
        """Generate the points that are shown, and note both losses."""
        self.fake = self.generator(self.noise)
        real_logits, fake_logits = map(self.discriminator, (self.real, self.fake))
        # -log D of a logit is log(1 + exp(-logit)), and -log(1 - D) that of -logit
        d_losses = np.logaddexp(0, -real_logits) + np.logaddexp(0, fake_logits)
        g_losses = np.logaddexp(0, -fake_logits)
        self.losses.append((d_losses.mean(), g_losses.mean()))

    def spots_hit(self) -> int:
        """Return on how many spots more than 1 % of 2,000 generated points lie."""
        noise = np.random.default_rng(0).normal(size=(2_000, NOISE_DIM))
        distances = np.linalg.norm(self.generator(noise)[:, None] - SPOTS, axis=2)
        return int(((distances < 4 * SPREAD).mean(axis=0) > 0.01).sum())


def drawn(game: Game) -> bytes:
    """Return the plane, coloured by the discriminator, and both curves, as a JPEG."""
    losses, line = np.array(game.losses[-1_000:]), np.linspace(-1.7, 1.7, 60)
    top = 2 ** max(1, int(np.ceil(np.log2(losses.max()))))
    grid = np.stack(np.meshgrid(line, -line), axis=2).reshape(-1, 2)
    opinion = sigmoid(3 * game.discriminator(grid))  # 3: faint ones are seen as well
    plane = SHADES(opinion.reshape(60, 60), bytes=True)[..., :3]
    plane = cv2.resize(plane, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
    for pair in zip(game.real, game.fake, strict=True):
        for place, colour in zip(pair, (BLUE, ORANGE), strict=True):
            place = SIZE * (0.5 + np.clip(place, -9, 9) * [1, -1] / 3.4)
            place = np.int32(16 * place).tolist()  # OpenCV takes sixteenths of a pixel
            cv2.circle(plane, place, 68 * FINE, WHITE, cv2.FILLED, cv2.LINE_AA, 4)
            cv2.circle(plane, place, 50 * FINE, colour, cv2.FILLED, cv2.LINE_AA, 4)
    image = beside(top).copy()
    image[:, :SIZE] = cv2.rectangle(plane, (0, 0), (SIZE - 1, SIZE - 1), PALE, FINE)
    across = np.linspace(LEFT, RIGHT, max(100, len(losses)))[: len(losses)]
    for values, colour in zip(losses.T, (INK, ORANGE), strict=True):
        curve = np.stack([across, BOTTOM + (TOP - BOTTOM) * values / top], axis=1)
        curve = np.int32(16 * curve)
        cv2.polylines(image, [curve], False, colour, 3, cv2.LINE_AA, 4)
    return cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])[
        1
    ].tobytes()


@cache
def beside(top: int) -> np.ndarray:
    """Return what stands beside the plane: the key, and lines from 0 to `top`."""
    image = Image.new("RGB", (WIDE, SIZE), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(13 * FINE)
    bar = SHADES(np.tile(np.linspace(0, 1, RIGHT - LEFT), (8 * FINE, 1)), bytes=True)
    image.paste(Image.fromarray(bar[..., :3]), (LEFT, 24 * FINE))
    for x, y, words, colour, anchor in [
        (LEFT, 12, "generated", ORANGE, "lm"),
        ((LEFT + RIGHT) / 2, 12, "undecided", INK, "mm"),
        (RIGHT, 12, "real", BLUE, "rm"),
        (LEFT, 70, "discriminator's loss", INK, "lm"),
        (RIGHT, 70, "generator's loss", ORANGE, "rm"),
    ]:
        draw.text((x, y * FINE), words, colour, font, anchor)
    half = float(np.log(2))  # the generator's loss when the discriminator is undecided
    for words, loss in (
        ("0", 0),
        (str(top), top),
        ("log 2", half),
        ("2 log 2", 2 * half),
    ):
        y = BOTTOM + (TOP - BOTTOM) * loss / top
        for x in range(LEFT, RIGHT, 6 * FINE):
            draw.line([(x, y), (x + 3 * FINE, y)], INK, FINE // 2)
        draw.text((RIGHT + 6 * FINE, y), words, INK, font, "lm")
    return np.array(image)


class Duel(Panel):
    """A game, its controls, and what its players and losses have come to."""

    playing = None  # the task of the duel that plays: one at a time

    def __init__(self, shape: str, seed: int):
        self.seed, self.began = seed, None
        log = {"min": -4, "max": -1, "readout_format": ".1e"}
        self.d_rate = ipywidgets.FloatLogSlider(value=3e-3, **log)
        self.g_rate = ipywidgets.FloatLogSlider(value=1e-3, **log)
        controls = {
            "shape": ipywidgets.ToggleButtons(options=SHAPES, value=shape),
            "train": Again("new start"),
            "discriminator's rate": self.d_rate,
            "generator's rate": self.g_rate,
        }
        super().__init__("duel", controls, self.draw)
        self.picture.format = "jpeg"
        self.picture.width, self.picture.height = str(WIDE // FINE), str(SIZE // FINE)
        for row in self.children[:4]:
            row.children[0].layout.width = "9em"
            row.layout.flex_flow = "row wrap"
        for name, act in {
            "one step of the discriminator": lambda _: self.go(1, 0),
            "one step of the generator": lambda _: self.go(0, 1),
            "ten of both": lambda _: self.go(10, 10),
            "play": self.play_or_pause,
        }.items():
            self.button = ipywidgets.Button(description=name, layout={"width": "auto"})
            self.button.on_click(act)
            self.children[1].children += (self.button,)
        self.pause()

    def draw(self, shape: str, start: int, *_) -> tuple[bytes, str]:
        """Return the picture and the line; another shape or start is a new game."""
        if self.began != (shape, start):
            self.began, self.game = (shape, start), Game(shape, [self.seed, start])
        steps = self.game.discriminator.steps, self.game.generator.steps
        text = "steps: {:,} and {:,}; losses: {:.2f} and {:.2f}"
        text = text.format(*steps, *self.game.losses[-1])
        if shape == "eight spots":
            text += f"; spots hit: {self.game.spots_hit()} of 8"
        return drawn(self.game), text

    def go(self, d_steps: int, g_steps: int) -> None:
        """Train the players, in turn, by the rates that are set, and draw."""
        for step in range(max(d_steps, g_steps)):
            if step < d_steps:
                self.game.step_of_discriminator(self.d_rate.value)
            if step < g_steps:
                self.game.step_of_generator(self.g_rate.value)
            self.game.look()
        self.redraw()

    def play_or_pause(self, _) -> None:
        """Play, or stop; where no event loop runs, take a hundred steps of both."""
        plays = self.button.description == "pause"
        self.pause()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return self.go(100, 100)
        if not plays:
            Duel.playing = loop.create_task(self.play())

    def pause(self) -> None:
        """Stop the duel that plays, this one or another."""
        if Duel.playing:
            Duel.playing.cancel()

    async def play(self) -> None:
        """Draw ten pictures a second; other cells can run in between."""
        self.button.description = "pause"
        try:
            for _ in range(LONGEST // AT_ONCE):
                began = time.monotonic()
                self.go(AT_ONCE, AT_ONCE)
                await asyncio.sleep(max(0.02, began + 0.1 - time.monotonic()))
        finally:
            self.button.description = "play"


def duel(shape: str = "ring", *, seed: int = 0) -> Duel:
    """Return a widget: a GAN that learns a "ring", "two moons" or "eight spots".

    One trains its players by hand, or lets it play; the losses are those of the points
    in the picture.
    """
    return Duel(shape, seed)
