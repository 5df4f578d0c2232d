"""Weights: what ships loads, nothing damaged comes in, old checkpoints fit or fail."""

import shutil
import sys

import course_utils as cu
import keras
import numpy as np
import pytest
import tensorflow as tf

sys.path.append(str(cu.runtime.ROOT / "weights"))
import pack  # noqa: E402

SHIPPED = sorted(path.stem for path in cu.weights.FOLDER.glob("*.json"))
NAME = "mnist_gan"
FILE = f"{NAME}.weights.h5"
NOISE = np.random.default_rng(0).normal(size=(16, 100)).astype("float32")


@pytest.fixture
def folder(tmp_path):
    """Return a folder with one of the shipped weight files and its card."""
    for name in (FILE, f"{NAME}.json"):
        shutil.copy(cu.weights.FOLDER / name, tmp_path)
    return tmp_path


def new_gan(epoch=0):
    """Return lesson 2's generator as it starts; another one for each number."""
    keras.utils.set_random_seed(epoch)
    return cu.networks.BUILDERS[NAME]()


def assert_refused(network, load, *words):
    """Assert that `load(network)` is refused in these words, and changes nothing."""
    before = network.get_weights()
    with pytest.raises(ValueError) as error:
        load(network)
    assert all(word in str(error.value) for word in words), error.value
    assert all(map(np.array_equal, before, network.get_weights()))


def from_folder(folder):
    """Return what fills a network from the weight file in this folder."""
    return lambda network: cu.weights.load(network, NAME, folder=folder)


def test_every_network_ships_and_every_file_stands_on_a_card():
    assert set(SHIPPED) >= set(cu.networks.BUILDERS)
    named = {file for name in SHIPPED for file in cu.weights.card(name)["sha256"]}
    files = {path for path in cu.weights.FOLDER.iterdir() if path.suffix != ".py"}
    there = {path.name for path in files if path.is_file()}
    assert there - {f"{name}.json" for name in SHIPPED} == named
    sizes = [path.stat().st_size for path in files]
    assert max(sizes) <= 30e6 and sum(sizes) <= 140e6


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_weights_load_and_their_card_tells_of_them(name):
    assert cu.weights.load_model(name).built
    card = cu.weights.card(name)
    about = {"data", "epochs", "images_seen", "seed", "hours", "machine"}
    assert about | {"versions", "licence"} <= set(card)
    for file in card["sha256"]:
        kind = file.removeprefix(f"{name}.").split(".")[0]
        if kind == "history":
            assert len(cu.weights.history(name)) > 0
        elif kind != "weights":
            assert cu.weights.arrays(name, kind)


def test_load_fills_the_network_of_the_learner_and_returns_it():
    network = new_gan()
    assert cu.weights.load(network, NAME) is network
    finished = cu.weights.load_model(NAME)
    np.testing.assert_array_equal(network(NOISE), finished(NOISE))


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_a_damaged_file_is_refused_with_both_sums_and_the_remedy(folder, damage):
    expected = cu.weights.card(NAME)["sha256"][FILE]
    content = bytearray((folder / FILE).read_bytes())
    content[len(content) // 2] ^= 1
    end = len(content) // 2 if damage == "cut" else None
    (folder / FILE).write_bytes(content[:end])
    sums = expected, pack.sha256(folder / FILE)
    words = *sums, f"git checkout -- weights/{FILE}"
    assert_refused(new_gan(), from_folder(folder), *words)


def test_a_missing_file_is_named_with_the_remedy(folder):
    (folder / FILE).unlink()
    assert_refused(new_gan(), from_folder(folder), f"git checkout -- weights/{FILE}")


@pytest.mark.parametrize("name", ["mnist", "mnist_gan@ten", "../mnist_gan", ""])
def test_an_unknown_name_is_answered_with_the_known_ones(name):
    with pytest.raises(ValueError, match="mnist_cgan_settings, mnist_judge"):
        cu.weights.load_model(name)


def test_a_network_of_other_shapes_or_names_is_refused():
    class Renamed(keras.Model):
        def __init__(self):
            super().__init__()
            self.stack = [keras.layers.Dense(units) for units in (128, 256, 512, 784)]

        def call(self, noise):
            for layer in self.stack:
                noise = layer(noise)
            return noise

    for other, word in (
        (cu.networks.BUILDERS["mnist_cgan"](), "could not be loaded"),
        (cu.networks.called(Renamed(), (100,)), "could not be loaded"),
        (cu.networks.GanGenerator(), "not yet been built"),
    ):
        with pytest.raises(ValueError, match=word):
            cu.weights.load(other, NAME)


@pytest.fixture
def run(tmp_path):
    """Return the folder of a recipe's run, its networks, and a History of it."""
    history = cu.training.History(steps_per_epoch=2)
    for step in range(4):
        history.append({"d_loss": step, "g_loss": -step})
    history.seconds, history.finished = 1800.0, True
    folder = tmp_path / "02_mnist" / "recipe"
    (folder / "samples").mkdir(parents=True)
    for step in (0, 2, 4):
        sheet = cu.plotting.tile(np.full((4, 14, 14, 1), step, np.uint8), columns=2)
        file = folder / "samples" / f"epoch-{step // 2:03d}-step-{step:06d}.png"
        cu.plotting.save_picture(sheet, file)
    networks = {epoch: new_gan(epoch) for epoch in (1, 2)}
    networks[1].dense_1.kernel.assign(np.full((100, 128), 1e6))  # no float16 holds it
    networks[1].save_weights(folder / "1.weights.h5")
    return folder, networks, history


class Batches:
    """What `about` asks of the batches."""

    examples, batch_size, seed = 7, 4, 3


def leave_all(folder, networks, history):
    known = pack.about(history, Batches, data="drawn digits", licence="MIT")
    pack.leave(
        NAME,
        networks[2],
        folder,
        known,
        history=history,
        samples=folder / "samples",
        sample_size=14,
        snapshots={1: folder / "1.weights.h5"},
    )
    pack.score(NAME, folder, {"distance": 1.5})
    pack.score(NAME, folder, {"digits": [0.1, 0.9]})
    pack.variants(NAME, folder, {"no skips": np.full((2, 4, 4, 3), -1.0)})


def test_what_a_recipe_leaves_is_packed_and_loads(run, tmp_path, monkeypatch):
    folder, networks, history = run
    leave_all(folder, networks, history)
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    into = {"folder": tmp_path / "shipped"}
    pack.main([NAME, f"{NAME}@1", "--into", str(into["folder"])])
    for name, network in ((NAME, networks[2]), (f"{NAME}@1", networks[1])):
        loaded = cu.weights.load_model(name, **into)
        for full, half in zip(network.get_weights(), loaded.get_weights(), strict=True):
            np.testing.assert_allclose(half, full, rtol=2**-8, atol=1e-6)
        assert np.abs(loaded(NOISE) - network(NOISE)).max() < 2 / 127.5
    assert len(cu.weights.history(NAME, **into)) == 4
    sheets = cu.weights.arrays(NAME, "sheets", **into)
    assert sheets["images"].shape == (3, 4, 14, 14, 1)
    assert sheets["images"].max(axis=(1, 2, 3, 4)).tolist() == [0, 2, 4]
    assert [sheets[key].tolist() for key in ("epochs", "steps")] == [
        [0, 1, 2],
        [0, 2, 4],
    ]
    assert (cu.weights.arrays(NAME, "variants", **into)["no skips"] == 0).all()
    card = cu.weights.card(NAME, **into)
    assert (card["epochs"], card["images_seen"], card["hours"]) == (2, 14, 0.5)
    assert card["scores"] == {"distance": 1.5, "digits": [0.1, 0.9]}
    assert card["commit"] and card["seed"] == 3 and card["data"] == "drawn digits"
    early = cu.weights.card(f"{NAME}@1", **into)
    assert (early["epochs"], early["images_seen"]) == (1, 7)


@pytest.mark.parametrize("trouble", ["infinite", "huge"])
def test_what_cannot_ship_is_not_packed_at_all(run, tmp_path, monkeypatch, trouble):
    folder, networks, history = run
    if trouble == "infinite":
        networks[2].dense_3.bias.assign(np.full(512, np.inf))
    else:
        monkeypatch.setattr(pack, "LARGEST", 100_000)
    leave_all(folder, networks, history)
    into = tmp_path / "shipped"
    with pytest.raises(ValueError, match=FILE):
        pack.pack(NAME, folder, into)
    assert list(into.iterdir()) == []


def test_a_training_that_was_stopped_is_not_left(run):
    _, _, history = run
    history.finished = False
    with pytest.raises(ValueError, match="again"):
        pack.about(history, Batches, data="drawn digits", licence="MIT")


def test_a_name_that_no_recipe_has_left_is_answered_with_those_there(run, monkeypatch):
    folder, networks, history = run
    leave_all(folder, networks, history)
    monkeypatch.setenv("COURSE_HOME", str(folder.parents[1]))
    with pytest.raises(SystemExit, match="mnist_gan, mnist_gan@1"):
        pack.main(["fashion_dcgan"])


# --- old checkpoints, laid out as Keras 2 wrote them ----------------------------------

GAN = {"dense_1": (100, 128), "dense_2": (128, 256), "dense_3": (256, 512)}
GAN["dense_4"] = (512, 784)


def node(**parts):
    """Return what TensorFlow saves under these names: variables, lists, and so on."""
    return tf.train.Checkpoint(**parts)


def dense(inputs, units):
    start = np.random.default_rng(units).normal(size=(inputs + 1, units))
    kernel, bias = tf.Variable(np.float32(start[1:])), tf.Variable(np.float32(start[0]))
    return node(kernel=kernel, bias=bias)


def old_gan(**more):
    """Return the layers of lesson 2's generator as an old model has them, and more."""
    return node(**{name: dense(*sizes) for name, sizes in GAN.items()} | more)


def from_checkpoint(path):
    """Return what fills a network from this checkpoint."""
    return lambda network: cu.weights.import_checkpoint(path, network)


def test_values_go_to_the_layers_of_the_same_name_and_the_rest_is_passed_over(tmp_path):
    old, adam = old_gan(), tf.compat.v1.train.AdamOptimizer()
    kernel = old.dense_1.kernel
    adam.apply_gradients([(tf.ones_like(kernel), kernel)])
    numbers = node(_iterations=tf.Variable(3), _variables=[tf.Variable([1.0, 2.0])])
    old.g_optimizer, old.optimizer = adam, numbers
    path = old.save(tmp_path / "GAN")
    keys = " ".join(name for name, _ in tf.train.list_variables(path))
    assert "dense_1/kernel/.ATTRIBUTES/VARIABLE_VALUE" in keys
    assert ".OPTIMIZER_SLOT" in keys and "save_counter" in keys
    network = new_gan()
    assert from_checkpoint(path)(network) is network
    for name in GAN:
        new, was = getattr(network, name), getattr(old, name)
        np.testing.assert_array_equal(new.kernel, was.kernel)
        np.testing.assert_array_equal(new.bias, was.bias)


@pytest.mark.parametrize(
    ("old", "words"),
    [
        (node(dense_z=dense(9, 8)), ("dense_1/kernel", "[100, 128]", "None")),
        (old_gan(dense_4=dense(512, 10)), ("GanGenerator", "[512, 10]")),
    ],
)
def test_another_network_s_checkpoint_is_refused(tmp_path, old, words):
    old.write(tmp_path / "GAN_500")
    assert_refused(new_gan(), from_checkpoint(tmp_path / "GAN_500"), *words)


@pytest.mark.parametrize("ending", ["index", "data-00000-of-00001"])
@pytest.mark.parametrize("damage", ["cut", "missing"])
def test_a_checkpoint_that_is_cut_or_missing_is_refused(tmp_path, ending, damage):
    old_gan().write(tmp_path / "GAN_500")
    path = tmp_path / f"GAN_500.{ending}"
    content = path.read_bytes()
    path.unlink()
    if damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    network = new_gan()
    before = network.get_weights()
    with pytest.raises((tf.errors.OpError, RuntimeError, ValueError, IndexError)):
        cu.weights.import_checkpoint(tmp_path / "GAN_500", network)
    assert all(map(np.array_equal, before, network.get_weights()))


def test_a_network_that_was_never_called_is_to_be_called_first(tmp_path):
    old_gan().write(tmp_path / "GAN")
    assert_refused(
        cu.networks.GanGenerator(), from_checkpoint(tmp_path / "GAN"), "call"
    )
