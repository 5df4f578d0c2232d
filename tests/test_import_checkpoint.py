"""Old checkpoints, made here by Keras 2 itself: they fit whole or change nothing."""

import random
import shutil
import tempfile
import zipfile

import course_utils as cu
import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras
from course_utils import runtime
from course_utils.weights import locating
from tf_keras import layers as old_layers

PARTS = ("GAN_500.index", "GAN_500.data-00000-of-00001")
DENSE = old_layers.Dense
NOISE = np.random.default_rng(0).normal(size=(8, 100)).astype("float32")
LABELS = np.eye(10, dtype="float32")[:8]


class OldGan(tf_keras.Model):
    """The generator as the code wrote it that has left such files behind."""

    def __init__(self, sizes=(128, 256, 512), dtype=None):
        super().__init__(dtype=dtype)
        self.dense_1 = DENSE(sizes[0], activation="relu", dtype=dtype)
        self.dense_2 = DENSE(sizes[1], activation="relu", dtype=dtype)
        self.dense_3 = DENSE(sizes[2], activation="relu", dtype=dtype)
        self.dense_4 = DENSE(28 * 28, activation="tanh", dtype=dtype)
        self.reshape = old_layers.Reshape((28, 28, 1))

    def call(self, noise):
        features = self.dense_3(self.dense_2(self.dense_1(noise)))
        return self.reshape(self.dense_4(features))


class OldCgan(tf_keras.Model):
    def __init__(self):
        super().__init__()
        self.dense_z = DENSE(256, activation="relu")
        self.dense_y = DENSE(256, activation="relu")
        self.combined_dense = DENSE(512, activation="relu")
        self.final_dense = DENSE(28 * 28, activation="tanh")
        self.reshape = old_layers.Reshape((28, 28, 1))

    def call(self, noise, labels):
        both = tf.concat([self.dense_z(noise), self.dense_y(labels)], axis=-1)
        return self.reshape(self.final_dense(self.combined_dense(both)))


def called(model, *inputs):
    """Return an old model with weights, biases too, that no start would give."""
    model(*inputs)
    rng = np.random.default_rng(1)
    model.set_weights([rng.uniform(0.01, 0.1, w.shape) for w in model.get_weights()])
    return model


def gan():
    return cu.networks.BUILDERS["mnist_gan"]()


def draws_the_same(model, old) -> bool:
    return np.abs(model(NOISE).numpy() - old(NOISE).numpy()).max() < 1e-5


def refused(path, model, *parts, error=ValueError):
    """Assert that the import is refused with these words, and changes nothing."""
    before = model.get_weights()
    with pytest.raises(error) as caught:
        cu.weights.import_checkpoint(path, model)
    for part in parts:
        assert part in str(caught.value)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.fixture(scope="module")
def old():
    return called(OldGan(), NOISE)


@pytest.fixture(scope="module")
def saved(old, tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    old.save_weights(folder / "GAN_500")
    called(OldCgan(), NOISE, LABELS).save_weights(folder / "CGAN_500")
    return folder


@pytest.fixture
def folder(saved, tmp_path):
    """A folder with the two files alone, to be damaged."""
    for name in PARTS:
        shutil.copy(saved / name, tmp_path)
    return tmp_path


def zipped(folder, name="GAN_500.zip", *, inside="", parts=PARTS, more=()):
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.write(folder / part, f"{inside}{part}")
        for member in more:
            archive.writestr(member, "?")
    return path


def test_an_old_gan_draws_the_same_pictures(old, saved):
    model = gan()
    assert not draws_the_same(model, old)
    assert cu.weights.import_checkpoint(saved / "GAN_500", model) is model
    assert draws_the_same(model, old)


def test_an_old_cgan_draws_the_same_pictures(saved):
    old = called(OldCgan(), NOISE, LABELS)
    model = cu.networks.BUILDERS["mnist_cgan"]()
    cu.weights.import_checkpoint(str(saved / "CGAN_500"), model)
    np.testing.assert_allclose(
        model(NOISE, LABELS).numpy(), old(NOISE, LABELS).numpy(), atol=1e-5
    )


@pytest.mark.parametrize("given", ["GAN_500", *PARTS, ".", "GAN_500.zip"])
def test_any_name_for_it_will_do(old, folder, given):
    zipped(folder)
    model = cu.weights.import_checkpoint(folder / given, gan())
    assert draws_the_same(model, old)


@pytest.mark.parametrize("inside", ["", "weights/epoch 500/", "weights\\", "[x]/"])
def test_a_zip_may_have_folders_and_what_a_mac_adds(old, folder, inside, monkeypatch):
    scratch = folder / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    more = ["__MACOSX/._GAN_500.index", "checkpoint", f"{inside}checkpoint.txt"]
    path = zipped(folder, inside=inside, more=[*more, "__MACOSX/._" + PARTS[1]])
    model = cu.weights.import_checkpoint(path, gan())
    assert draws_the_same(model, old)
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("name", ["GAN [5]*", "été", "GAN_500"])
def test_odd_names_and_a_folder_of_the_same_name_do_not_confuse_it(old, tmp_path, name):
    odd = tmp_path / "weights [1]"
    (odd / name).mkdir(parents=True)
    old.save_weights(odd / name)
    assert draws_the_same(cu.weights.import_checkpoint(odd / name, gan()), old)


@pytest.mark.parametrize("optimizer", ["Adam", "legacy.Adam", "SGD"])
def test_a_compiled_and_trained_model_has_more_in_its_file(tmp_path, optimizer):
    kind = tf_keras.optimizers
    for part in optimizer.split("."):
        kind = getattr(kind, part)
    old = called(OldGan(), NOISE)
    old.mean_loss = tf_keras.metrics.Mean()
    old.second = kind()
    old.second.apply_gradients([(v * 0 + 1, v) for v in old.trainable_variables])
    old.compile(kind(), "mse", metrics=["mae"])
    old.fit(NOISE, np.zeros((8, 28, 28, 1)), verbose=0)
    old.save_weights(tmp_path / "GAN_500")
    assert len(tf.train.list_variables(str(tmp_path / "GAN_500"))) > 12
    model = cu.weights.import_checkpoint(tmp_path / "GAN_500", gan())
    assert draws_the_same(model, old)


def test_a_counter_of_saves_is_passed_over(old, tmp_path):
    parts = {f"dense_{n}": getattr(old, f"dense_{n}") for n in range(1, 5)}
    tf.train.Checkpoint(**parts).save(tmp_path / "GAN")
    names = [name for name, _ in tf.train.list_variables(str(tmp_path / "GAN-1"))]
    assert any(name.startswith("save_counter") for name in names)
    model = cu.weights.import_checkpoint(tmp_path / "GAN-1", gan())
    assert draws_the_same(model, old)


def many_parts(library):
    """Return one model, written for either Keras, with all that can hold layers."""
    layers, model = library.layers, library.Model

    class Block(layers.Layer):
        def __init__(self, units):
            super().__init__()
            self.dense = layers.Dense(units)
            self.norm = layers.BatchNormalization()

        def build(self, shape):
            self.scale = self.add_weight(name="gain", shape=(), initializer="ones")
            self.built = True

        def call(self, inputs):
            return self.norm(self.dense(inputs)) * self.scale

    def branches():
        start = library.Input((4,))
        one, two = layers.Dense(4)(start), layers.Dense(4)(start)
        joined = layers.Subtract()([layers.Dense(4)(two), one])
        return model(start, layers.Dense(4)(joined))

    class Many(model):
        def __init__(self):
            super().__init__()
            self.stack = [layers.Flatten(), layers.Dense(4), Block(4)]
            self.deep = [[layers.Dense(4)], (layers.Dense(4), layers.Dense(4))]
            self.named = {"first": layers.Dense(4), "second": layers.Dense(4)}
            self._hidden = Block(4)
            self.chain = library.Sequential(
                [layers.Dense(4), layers.ReLU(), layers.Dense(4)]
            )
            self.branches = branches()
            self.again = self.deep[1][1]  # one layer, two names
            self.drop = layers.Dropout(0.5)

        def call(self, inputs):
            features = inputs
            for layer in self.stack:
                features = layer(features)
            one, two = self.deep
            features = two[1](two[0](one[0](features)))
            features = self.named["second"](self.named["first"](features))
            features = self.branches(self.chain(self._hidden(features)))
            return self.drop(self.again(features))

    return Many()


def test_lists_dictionaries_blocks_and_models_in_models(tmp_path):
    inputs = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")
    old, model = many_parts(tf_keras), many_parts(keras)
    model(inputs)
    called(old, inputs)
    old.set_weights([w * 10 for w in old.get_weights()])
    old.save_weights(tmp_path / "many")
    cu.weights.import_checkpoint(tmp_path / "many", model)
    np.testing.assert_allclose(model(inputs).numpy(), old(inputs).numpy(), rtol=1e-4)
    refused(tmp_path / "many", gan(), "branches/layer_with_weights-0/bias (4,)")


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_floats_of_another_precision_are_cast(tmp_path, dtype):
    old = called(OldGan(dtype=dtype), tf.cast(NOISE, dtype))
    old.save_weights(tmp_path / "GAN_500")
    model = cu.weights.import_checkpoint(tmp_path / "GAN_500", gan())
    for before, after in zip(old.get_weights(), model.weights, strict=True):
        assert after.dtype == "float32"
        np.testing.assert_array_equal(before.astype("float32"), after.numpy())


def test_integers_are_no_weights(tmp_path):
    kernel, bias = tf.zeros((2, 3), tf.int32), tf.zeros(3)
    layer = tf.train.Checkpoint(kernel=tf.Variable(kernel), bias=tf.Variable(bias))
    whole = tf.train.Checkpoint(**{"layer_with_weights-0": layer})
    whole.write(tmp_path / "odd")
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    refused(tmp_path / "odd", model, "expected: layer_with_weights-0/kernel (2, 3) int")


def test_a_cgan_does_not_go_into_a_gan(saved):
    refused(
        saved / "CGAN_500",
        gan(),
        "CGAN_500 does not fit this GanGenerator, which is as it was",
        "Expected, not there: dense_1/bias (128,), dense_1/kernel (100, 128), ",
        "There, not expected: combined_dense/bias (512,), ",
        "the same attribute names",
    )


def test_other_sizes_are_named_and_what_fits_is_not(tmp_path):
    called(OldGan((128, 256, 64)), NOISE).save_weights(tmp_path / "GAN_500")
    refused(
        tmp_path / "GAN_500",
        gan(),
        "not there: dense_3/bias (512,), dense_3/kernel (256, 512), dense_4/kernel "
        "(512, 784).",
        "not expected: dense_3/bias (64,), dense_3/kernel (256, 64), dense_4/kernel "
        "(64, 784).",
    )


@pytest.mark.parametrize("count", [3, 5])
def test_a_layer_too_many_or_too_few_is_refused(old, tmp_path, count):
    parts = {f"dense_{n}": getattr(old, f"dense_{n}") for n in range(1, 5)}
    if count == 3:
        del parts["dense_2"]
        words = "not there: dense_2/bias (256,), dense_2/k", "not expected: nothing."
    else:
        parts["dense_5"] = tf.train.Checkpoint(bias=tf.Variable(tf.zeros(2)))
        words = "not there: nothing.", "not expected: dense_5/bias (2,)."
    tf.train.Checkpoint(**parts).write(tmp_path / "GAN_500")
    refused(tmp_path / "GAN_500", gan(), *words)


@pytest.mark.parametrize("model", [cu.networks.GanGenerator, keras.Sequential])
def test_a_model_without_weights_is_to_be_called_first(saved, model):
    with pytest.raises(ValueError, match="call the model once before importing GAN"):
        cu.weights.import_checkpoint(saved / "GAN_500", model())


@pytest.mark.parametrize("given", ["GAN_500", *PARTS])
@pytest.mark.parametrize("lost", PARTS)
def test_one_file_without_the_other_is_not_enough(folder, given, lost):
    (folder / lost).unlink()
    (left,) = set(PARTS) - {lost}
    words = f"{given}: only {left} is there", "two files, GAN_500.index and GAN_500.da"
    refused(folder / given, gan(), *words, error=FileNotFoundError)


@pytest.mark.parametrize("given", ["GAN_400", "GAN_500.zip", "no/such/GAN_500.index"])
def test_a_missing_checkpoint_is_named_with_what_is_expected(folder, given):
    words = f"{folder / given} is missing", "GAN_500.index and", "or of a zip"
    refused(folder / given, gan(), *words, error=FileNotFoundError)


@pytest.mark.parametrize("damage", ["cut", "changed", "emptied"])
@pytest.mark.parametrize("name", PARTS)
def test_a_damaged_file_is_refused(folder, name, damage):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    kept = {"cut": len(content) // 2, "changed": len(content), "emptied": 0}[damage]
    (folder / name).write_bytes(content[:kept])
    refused(folder / "GAN_500", gan(), "GAN_500 is cut or altered: get it anew")


def test_damage_anywhere_never_leads_to_other_weights(tmp_path):
    old = called(tf_keras.Sequential([DENSE(3)]), np.zeros((1, 2), "float32"))
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    old.save_weights(tmp_path / "GAN_500")
    path = zipped(tmp_path)
    chance, whole = random.Random(0), 0
    before = model.get_weights()
    for name, given in [(PARTS[0], "GAN_500"), (PARTS[1], "GAN_500"), (path.name,) * 2]:
        content = (tmp_path / name).read_bytes()
        for _ in range(60):
            model.set_weights(before)
            damaged = bytearray(content)
            damaged[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            cut = chance.choice([None, chance.randrange(len(content))])
            (tmp_path / name).write_bytes(damaged[:cut])
            try:
                cu.weights.import_checkpoint(tmp_path / given, model)
                wanted, whole = old.get_weights(), whole + 1
            except ValueError:
                wanted = before
            for one, other in zip(wanted, model.get_weights(), strict=True):
                np.testing.assert_array_equal(one, other)
        (tmp_path / name).write_bytes(content)
    assert 0 < whole < 120


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_a_damaged_zip_is_refused(folder, damage):
    path = zipped(folder)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content[: len(content) // 2] if damage == "cut" else content)
    words = {"cut": "no whole zip, it begins with b'PK", "changed": "cannot be unpa"}
    refused(path, gan(), f"{path}", words[damage])


def test_a_zip_without_a_checkpoint_says_what_it_has(folder):
    path = zipped(folder, parts=PARTS[:1], more=["readme.txt"])
    refused(path, gan(), "has no checkpoint, but: GAN_500.index, readme.txt; a check")
    refused(zipped(folder, parts=()), gan(), "has no checkpoint, but: nothing;")


def test_of_several_checkpoints_none_is_guessed(saved, tmp_path):
    path = zipped(saved, parts=[*PARTS, "C" + PARTS[0], "C" + PARTS[1]])
    refused(path, gan(), "has several checkpoints: CGAN_500, GAN_500. Give the path")
    refused(saved, gan(), "has several checkpoints: CGAN_500, GAN_500. Give the path")
    refused(tmp_path, gan(), "has no checkpoint, but: nothing;")


@pytest.mark.parametrize(
    "name", ["../GAN.index", "a/../../x", "/etc/x", "\\x", "..\\x", "C:\\x", "c:x"]
)
def test_a_zip_that_points_outside_is_refused(folder, name):
    words = "is refused", "points outside the archive"
    refused(zipped(folder, more=[name]), gan(), *words)
    assert {path.name for path in folder.iterdir()} == {*PARTS, "GAN_500.zip"}


def test_a_zip_that_would_fill_the_disk_is_refused(folder, monkeypatch):
    path = zipped(folder)
    largest = max((folder / name).stat().st_size for name in PARTS)
    monkeypatch.setattr(locating, "LARGEST", largest)  # for both together too little
    refused(path, gan(), "is refused", f"bytes unpacked, {largest:,} are the most")
    monkeypatch.setattr(locating, "LARGEST", 1_000)
    refused(path, gan(), "is refused", "would unpack to")


def test_an_encrypted_zip_is_refused(folder):
    path = zipped(folder)
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    content[6] |= 1
    path.write_bytes(content)
    refused(path, gan(), "cannot be unpacked", "encrypted")


@pytest.mark.parametrize("suffix", [".weights.h5", ".keras"])
def test_files_of_keras_3_are_sent_to_load_weights(tmp_path, suffix):
    model = gan()
    path = tmp_path / f"GAN_500{suffix}"
    model.save_weights(path) if "weights" in suffix else model.save(path)
    refused(path, model, "Keras's own format", "`model.load_weights(path)` reads it")


def test_any_other_file_is_refused_unread(folder):
    path = folder / "GAN_500.pkl"
    path.write_bytes(b"cposix\nsystem\n(S'touch hacked'\ntR.")
    refused(path, gan(), "is no checkpoint and no whole zip, it begins with b'cposix")


def test_the_course_itself_does_without_keras_2():
    for folder in ("course_utils", "notebooks"):
        for path in (runtime.ROOT / folder).rglob("*.py"):
            assert "tf_keras" not in path.read_text()
