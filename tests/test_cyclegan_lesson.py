"""Lesson 5's step, as its source writes it, and the savannah's marks."""

import course_utils as cu
import keras
import numpy as np
import pytest
import tensorflow as tf
from lessons import from_lesson

GAN_LOSSES = {
    "cross entropy": (cu.losses.discriminator_loss, cu.losses.generator_loss),
    "least squares": from_lesson(
        "05", "least_squares_discriminator_loss", "least_squares_generator_loss"
    ),
}


def test_least_squares_pull_real_to_one_and_fakes_where_each_player_wants_them():
    d_loss, g_loss = GAN_LOSSES["least squares"]
    real, fake = np.float32([[2], [-1], [0.5]]), np.float32([[0], [1], [3]])
    assert float(d_loss(real, fake)) == pytest.approx((1 + 4 + 0.25) / 3 + 10 / 3)
    assert float(g_loss(fake)) == pytest.approx((1 + 0 + 4) / 3)


def networks():
    keras.utils.set_random_seed(0)
    nets = [cu.networks.ResNetGenerator(4, blocks=1) for _ in range(2)]
    nets += [cu.networks.PatchDiscriminator(4, "instance") for _ in range(2)]
    return [cu.networks.called(net, (32, 32, 3)) for net in nets]


def textbook(nets, batch, losses, cycle, identity):
    """Return the four networks' gradients, each of its own loss, term by term."""
    to_zebra, to_horse, is_zebra, is_horse = nets
    horses, zebras = batch
    d_loss, g_loss = losses

    def away(first, second):
        return tf.reduce_mean(tf.abs(first - second))

    def there_and_back():
        forth = away(to_horse(to_zebra(horses)), horses)
        return forth + away(to_zebra(to_horse(zebras)), zebras)

    def of_generator(generator, critic, given, wanted):
        same = away(generator(wanted), wanted)
        adversarial = g_loss(critic(generator(given)))
        return adversarial + cycle * there_and_back() + identity * same

    terms = [
        lambda: of_generator(to_zebra, is_zebra, horses, zebras),
        lambda: of_generator(to_horse, is_horse, zebras, horses),
        lambda: d_loss(is_zebra(zebras), is_zebra(to_zebra(horses))) / 2,
        lambda: d_loss(is_horse(horses), is_horse(to_horse(zebras))) / 2,
    ]
    gradients = []
    for net, loss in zip(nets, terms, strict=True):
        with tf.GradientTape() as tape:
            value = loss()
        gradients.append(tape.gradient(value, net.trainable_variables))
    return gradients


@pytest.mark.parametrize(
    ("kind", "identity"), [("cross entropy", 5.0), ("least squares", 0.0)]
)
def test_each_network_gets_the_gradient_of_its_textbook_loss(kind, identity):
    nets, losses = networks(), GAN_LOSSES[kind]
    batch = [keras.random.uniform((1, 32, 32, 3), -1, 1, seed=seed) for seed in (1, 2)]
    expected = textbook(nets, batch, losses, 10.0, identity)
    before = [[np.array(v) for v in net.trainable_variables] for net in nets]
    descent = [keras.optimizers.SGD(1.0) for _ in nets]  # moves by the gradient
    pools = [cu.gan.ImagePool(0), cu.gan.ImagePool(0)]
    (make,) = from_lesson("05", "make_train_step")
    make(nets, descent, pools, losses, cycle=10.0, identity=identity)(batch)
    for net, old, gradients in zip(nets, before, expected, strict=True):
        for weight, value, gradient in zip(
            net.trainable_variables, old, gradients, strict=True
        ):
            near = 1e-4 * np.abs(gradient).max() + 1e-7
            moved = value - np.array(weight)
            np.testing.assert_allclose(moved, gradient, rtol=1e-4, atol=near)


def small_resnet(width, blocks):
    return cu.networks.ResNetGenerator(width, blocks=1)


@pytest.mark.parametrize(("kind", "is_blind"), [("unet", False), ("resnet", True)])
def test_a_redder_picture_is_the_same_to_the_resnet_only(kind, is_blind):
    (make,) = from_lesson("05", "make_generator", ResNetGenerator=small_resnet)
    picture = keras.random.uniform((1, 32, 32, 3), -1, 1, seed=0)
    generator = make(32, 8, kind)
    one, other = generator(picture), generator(picture + np.float32([0.3, 0, -0.3]))
    change = np.abs(one - other).mean() / np.abs(one).mean()
    assert (change < 0.0001) == is_blind


@pytest.mark.parametrize("name", ["savannah_cyclegan", "savannah_cyclegan_back"])
def test_the_shipped_savannah_earns_the_marks_on_its_card(name):
    horses, zebras = cu.data.load("savannah", "heldout", size=64)
    horses, zebras = (side / np.float32(127.5) - 1 for side in (horses, zebras))
    kind, given, truths = "zebras", horses, zebras
    if name.endswith("back"):
        kind, given, truths = "horses", zebras, horses
    made = cu.weights.load_model(name).predict(given, verbose=0)
    away = np.abs(made - truths).mean(-1)
    is_animal = np.abs(zebras - horses).max(-1) > 0.02
    found = {"L1": away, "animals": away[is_animal], "around": away[~is_animal]}
    found["SSIM"] = tf.image.ssim(made, truths, max_val=2.0).numpy()
    scores = cu.weights.card("savannah_cyclegan")["scores"][kind]
    for key, values in found.items():
        assert scores["all"][key] == pytest.approx(values.mean(), abs=0.003), key
    assert scores["all"]["animals"] < scores["doing nothing"]["animals"]
    assert scores["all"]["around"] < scores["no identity"]["around"]
