"""Lesson 5's step and training, as its source writes them."""

import functools

import course_utils as cu
import keras
import numpy as np
import pytest
import tensorflow as tf
from lessons import from_lesson

GAN_LOSSES = {
    "cross entropy": (cu.losses.discriminator_loss, cu.losses.generator_loss),
    "least squares": (
        cu.losses.least_squares_discriminator_loss,
        cu.losses.least_squares_generator_loss,
    ),
}


def lesson(*names, **known):
    network = functools.partial(cu.networks.ResNetGenerator, blocks=1)  # traced soon
    return from_lesson("05", *names, ResNetGenerator=network, **known)


def networks():
    keras.utils.set_random_seed(0)
    nets = [cu.networks.ResNetGenerator(16, 4, blocks=1) for _ in range(2)]
    nets += [cu.networks.PictureDiscriminator(4) for _ in range(2)]
    for net in nets:
        net(tf.zeros((1, 32, 32, 3)))
    return nets


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

    def of_to_zebra():
        same = away(to_zebra(zebras), zebras)
        adversarial = g_loss(is_zebra(to_zebra(horses)))
        return adversarial + cycle * there_and_back() + identity * same

    def of_to_horse():
        same = away(to_horse(horses), horses)
        adversarial = g_loss(is_horse(to_horse(zebras)))
        return adversarial + cycle * there_and_back() + identity * same

    def of_is_zebra():
        return d_loss(is_zebra(zebras), is_zebra(to_zebra(horses))) / 2

    def of_is_horse():
        return d_loss(is_horse(horses), is_horse(to_horse(zebras))) / 2

    gradients = []
    for net, loss in zip(
        nets, (of_to_zebra, of_to_horse, of_is_zebra, of_is_horse), strict=True
    ):
        with tf.GradientTape() as tape:
            value = loss()
        gradients.append(tape.gradient(value, net.trainable_variables))
    return gradients


@pytest.mark.parametrize("kind", GAN_LOSSES)
@pytest.mark.parametrize("identity", [5.0, 0.0])
def test_each_network_gets_the_gradient_of_its_textbook_loss(kind, identity):
    nets, losses = networks(), GAN_LOSSES[kind]
    batch = [keras.random.uniform((1, 32, 32, 3), -1, 1, seed=seed) for seed in (1, 2)]
    expected = textbook(nets, batch, losses, 10.0, identity)
    before = [[np.array(v) for v in net.trainable_variables] for net in nets]
    rate = 1.0  # of plain descent: what a weight moves by is its gradient
    adams = [keras.optimizers.SGD(rate) for _ in nets]
    pools = [cu.gan.ImagePool(0), cu.gan.ImagePool(0)]
    (make,) = lesson("make_train_step")
    make(nets, adams, pools, losses, cycle=10.0, identity=identity)(batch)
    for net, old, gradients in zip(nets, before, expected, strict=True):
        for weight, value, gradient in zip(
            net.trainable_variables, old, gradients, strict=True
        ):
            size = np.abs(gradient).max()
            moved = value - np.array(weight)
            np.testing.assert_allclose(
                moved, gradient, rtol=1e-4, atol=1e-4 * size + 1e-7
            )


class Power(Exception):
    """What ends a training that loses its power."""


@pytest.mark.parametrize("kind", ["unet", "resnet"])
def test_a_training_cut_off_goes_on_as_if_nothing_had_happened(
    kind, tmp_path, monkeypatch
):
    names = "make_train_step", "make_generator", "make_state", "train"
    losses, pool = GAN_LOSSES["least squares"], cu.gan.ImagePool
    *_, train = lesson(*names, gan_losses=losses, run_folder=tmp_path)
    monkeypatch.setattr(cu.gan, "ImagePool", lambda capacity: pool(3))
    drawn = np.random.default_rng(0).integers(0, 256, (2, 6, 32, 32, 3), np.uint8)
    batches = cu.batches.make(*drawn, batch_size=2, paired=False)
    watched = np.zeros((1, 32, 32, 3), "float32")
    settings = {"epochs": 8, "width": 2, "kind": kind, "rates": (8e-4, 2e-4)}

    def weights_and_history(name):
        *generators, history = train(name, batches, watched, **settings)
        return [w for g in generators for w in g.get_weights()], history

    expected, whole = weights_and_history("whole")
    fit = cu.training.fit

    def cut(*args, **options):
        fit(*args, **options | {"epochs": 6})
        raise Power

    monkeypatch.setattr(cu.training, "fit", cut)
    with pytest.raises(Power):
        train("cut", batches, watched, **settings)
    monkeypatch.setattr(cu.training, "fit", fit)
    resumed, history = weights_and_history("cut")
    for one, other in zip(resumed, expected, strict=True):
        np.testing.assert_array_equal(one, other)
    assert history.finished and len(history) == len(whole) == 24
    for name in whole.keys():
        np.testing.assert_array_equal(history[name], whole[name])
    assert 1 <= len(list((tmp_path / "cut" / "checkpoints").iterdir())) <= 5


@pytest.mark.parametrize("kind", ["unet", "resnet"])
def test_the_generator_is_the_one_that_was_asked_for(kind):
    (make,) = lesson("make_generator")
    network = {"unet": cu.networks.UNet, "resnet": cu.networks.ResNetGenerator}[kind]
    assert isinstance(make(16, 2, kind), network)


@pytest.mark.parametrize(("kind", "is_blind"), [("unet", False), ("resnet", True)])
def test_a_redder_picture_is_the_same_to_the_resnet_only(kind, is_blind):
    (make,) = lesson("make_generator")
    picture = keras.random.uniform((1, 32, 32, 3), -1, 1, seed=0)
    generator = make(32, 8, kind)
    one, other = generator(picture), generator(picture + np.float32([0.3, 0, -0.3]))
    change = np.abs(one - other).mean() / np.abs(one).mean()
    assert (change < 0.0001) == is_blind


@pytest.mark.parametrize("name", ["savannah_cyclegan", "savannah_cyclegan_back"])
def test_the_shipped_savannah_earns_the_marks_on_its_card(name):
    horses, zebras = cu.data.truth(size=64)
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
