"""The door to weights: what is kept comes back, and nothing damaged comes in."""

import json
import resource

import course_utils as cu
import keras
import numpy as np
import pytest
from course_utils.data.download import sha256
from course_utils.weights import loading
from course_utils.weights.saving import together

NAME = "fashion_dcgan"
SHIPPED = sorted(loading.FOLDER.glob("*.json"))


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    generator = cu.networks.dcgan_generator()
    for _ in range(2):  # moves the statistics of batch normalization
        generator(keras.random.normal((16, 100)), training=True)
    return generator


@pytest.fixture
def folder(model, tmp_path):
    cu.weights.save(model, NAME, {"data": "none"}, folder=tmp_path)
    return tmp_path


def test_half_precision_changes_no_visible_pixel(model, folder):
    noise = keras.random.normal((64, 100), seed=0)
    loaded = cu.weights.load_model(NAME, folder=folder)
    before, after = (
        cu.plotting.to_uint8(network(noise, training=False)).astype(int)
        for network in (model, loaded)
    )
    assert np.abs(before - after).max() <= 2
    size = (folder / f"{NAME}.weights.h5").stat().st_size
    assert size < 0.48 * 4 * model.count_params()
    assert all(weight.dtype == "float32" for weight in loaded.weights)


def test_saving_twice_gives_the_same_bytes(model, folder, tmp_path):
    cu.weights.save(model, NAME, {"data": "none"}, folder=tmp_path / "again")
    for path in folder.glob(f"{NAME}*"):
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_a_damaged_file_is_refused_with_both_sums(folder, damage):
    path = folder / f"{NAME}.weights.h5"
    content = bytearray(path.read_bytes())
    expected = sha256(path)
    if damage == "cut":
        content = content[: len(content) // 2]
    else:
        content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match="cut or altered") as error:
        cu.weights.load_model(NAME, folder=folder)
    for part in (str(path), expected, sha256(path), "COURSE_RUN=recipe"):
        assert part in str(error.value)


@pytest.mark.parametrize("suffix", [".weights.h5", ".json"])
def test_a_missing_file_is_named_with_the_way_to_get_it(folder, suffix):
    (folder / f"{NAME}{suffix}").unlink()
    with pytest.raises(FileNotFoundError, match=f"{NAME}{suffix} is missing.*git"):
        cu.weights.load_model(NAME, folder=folder)


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="'fashion'; known: fashion_dcgan, "):
        cu.weights.load_model("fashion")


def test_weights_of_another_network_are_refused_with_the_difference(folder):
    small = cu.networks.dcgan_generator(8)
    before = small.get_weights()
    with pytest.raises(ValueError, match=r"does not fit.*only in the model.*100, 1568"):
        cu.weights.load(small, NAME, folder=folder)
    for old, new in zip(before, small.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_model_that_was_never_called_is_refused(folder):
    unbuilt = keras.Sequential([keras.layers.Dense(3)])
    with pytest.raises(ValueError, match="call the model before"):
        cu.weights.load(unbuilt, NAME, folder=folder)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_weights_that_are_no_numbers_are_not_written(tmp_path, bad):
    generator = cu.networks.dcgan_generator(2)
    kernel = generator.weights[0]
    kernel.assign(np.full(kernel.shape, bad, "float32"))
    with pytest.raises(ValueError, match="not finite: nothing is written"):
        cu.weights.save(generator, NAME, {}, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_numbers_too_large_for_half_precision_are_kept_whole(tmp_path):
    generator = cu.networks.dcgan_generator()
    kernel = generator.weights[0]
    kernel.assign(np.full(kernel.shape, 1e6, "float32"))
    cu.weights.save(generator, NAME, {}, folder=tmp_path)
    loaded = cu.weights.load_model(NAME, folder=tmp_path)
    np.testing.assert_array_equal(loaded.get_weights()[0], 1e6)


def test_a_full_disk_is_named_and_leaves_nothing_half_written(model, tmp_path):
    (tmp_path / "in-the-way").write_text("")
    with pytest.raises(OSError, match="in-the-way cannot be made"):
        cu.weights.save(model, NAME, {}, folder=tmp_path / "in-the-way")
    history = cu.training.History()
    for step in np.random.default_rng(0).normal(size=20_000):
        history.append({"loss": step})
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(OSError, match="history.npz cannot be written"):
            with together(tmp_path) as replace:
                replace("card.json").write_text("{}")
                history.save(replace("history.npz"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in tmp_path.iterdir()] == ["in-the-way"]


def test_history_and_sheets_come_back(model, tmp_path):
    history = cu.training.History(steps_per_epoch=5)
    for step in range(12):
        history.append({"d_loss": step, "g_loss": -step})
    history.seconds = 7.5
    samples = tmp_path / "samples"
    samples.mkdir()
    for step in range(1, 13):
        pictures = np.full((4, 28, 28, 1), step, np.uint8)
        sheet = cu.plotting.tile(pictures, columns=2)
        path = samples / f"epoch-{(step + 4) // 5:03d}-step-{step:06d}.png"
        cu.plotting.save_picture(sheet, path)
    cu.weights.save(model, NAME, {}, history=history, samples=samples, folder=tmp_path)
    found = cu.weights.history(NAME, folder=tmp_path)
    assert found.keys() == ["d_loss", "g_loss"] and len(found) == 12
    assert (found.epochs, found.seconds) == (2.4, 7.5)
    sheets = cu.weights.sheets(NAME, folder=tmp_path)
    assert sheets["images"].shape[1:] == (4, 28, 28, 1)
    steps = sheets["steps"].tolist()
    assert steps == [1, 2, 3, 5, 7, 9, 12]
    assert sheets["images"][:, 0, 0, 0, 0].tolist() == steps
    assert sheets["epochs"].tolist() == [(step + 4) // 5 for step in steps]


def test_only_a_recipe_is_kept(model, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_RUN", "lesson")
    before = {path.name: path.stat().st_mtime for path in loading.FOLDER.iterdir()}
    cu.weights.keep(
        {NAME: model}, history=None, batches=None, samples=None, data="", licence=""
    )
    assert "not kept" in capsys.readouterr().out
    after = {path.name: path.stat().st_mtime for path in loading.FOLDER.iterdir()}
    assert before == after


@pytest.mark.parametrize(
    "reason", ["stopped after 1.5 epochs", "COURSE_DATA=miniature"]
)
def test_a_recipe_that_is_not_what_its_card_says_is_not_kept(
    model, monkeypatch, capsys, reason
):
    monkeypatch.setenv("COURSE_RUN", "recipe")
    monkeypatch.setenv("COURSE_DATA", "miniature" if "DATA" in reason else "real")
    history = cu.training.History(steps_per_epoch=2)
    for _ in range(3):
        history.append({"loss": 1})
    history.finished = "DATA" in reason
    cu.weights.keep(
        {NAME: model}, history=history, batches=None, samples=None, data="", licence=""
    )
    assert f"not kept: {reason}" in capsys.readouterr().out.replace(
        "the training was ", ""
    )


def other_weights(name, seed):
    """Return a network of that name whose biases are not all zero."""
    network = cu.networks.BUILDERS[name]()
    rng = np.random.default_rng(seed)
    for weight in network.weights:
        weight.assign(rng.normal(0, 0.1, weight.shape))
    return network


def same_pictures(one, other) -> bool:
    noise = keras.random.normal((16, 100), seed=0)
    one, two = (
        cu.plotting.to_uint8(network(noise, training=False)).astype(int)
        for network in (one, other)
    )
    return np.abs(one - two).max() <= 2


def test_a_snapshot_is_another_file_of_the_same_network(tmp_path):
    early, late = (other_weights("mnist_gan", seed) for seed in (1, 2))
    assert not same_pictures(early, late)
    for name, network in [("mnist_gan@10", early), ("mnist_gan", late)]:
        cu.weights.save(network, name, {"epochs": len(name)}, folder=tmp_path)
    names = {
        f"mnist_gan{at}{end}" for at in ("", "@10") for end in (".json", ".weights.h5")
    }
    assert {path.name for path in tmp_path.iterdir()} == names
    found = cu.weights.load_model("mnist_gan@10", folder=tmp_path)
    assert isinstance(found, cu.networks.GanGenerator) and same_pictures(found, early)
    assert same_pictures(cu.weights.load_model("mnist_gan", folder=tmp_path), late)
    card = cu.weights.load(found, "mnist_gan", folder=tmp_path)
    assert card["name"] == "mnist_gan" and same_pictures(found, late)
    assert cu.weights.card("mnist_gan@10", folder=tmp_path)["name"] == "mnist_gan@10"


@pytest.mark.parametrize(
    "name",
    ["", "@1", "mnist_gan@", "mnist_gan@ten", "mnist_gan@-1", "mnist_gan@1.5"]
    + [
        "mnist_gan@1@2",
        "mnist_gan@1/../x",
        "mnist_gan@1\n",
        "mnist_gan @1",
        "MNIST_gan",
    ]
    + ["../x@1", "../mnist_gan", "/mnist_gan@1", "mnist_gan.json", "mnist_gan@١"],
)
def test_a_bad_name_reaches_no_file(tmp_path, name):
    inside = tmp_path / "weights"
    inside.mkdir()
    known = "known: fashion_dcgan, .*, and snapshots such as mnist_gan@10"
    for ask in (cu.weights.load_model, cu.weights.card, cu.weights.sheets):
        with pytest.raises(ValueError, match=f"no weights .*; {known}"):
            ask(name, folder=inside)
    with pytest.raises(ValueError, match=known):
        cu.weights.history(name, folder=inside)
    with pytest.raises(ValueError, match=known):
        cu.weights.save(None, name, {}, folder=inside)
    assert list(tmp_path.rglob("*")) == [inside]


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("mnist_judge", "`python -m course_utils.build_judges mnist`"),
        ("fashion_judge", "`python -m course_utils.build_judges fashion`"),
        ("mnist_gan@10", "notebooks/source/02_mnist_gan_vs_cgan.py`"),
        ("mnist_cgan_lazy", "notebooks/source/02_mnist_gan_vs_cgan.py`"),
        ("fashion_dcgan_discriminator", "notebooks/source/01_fashion_mnist_dcgan.py`"),
    ],
)
def test_a_missing_file_is_made_anew_by_its_own_command(tmp_path, name, command):
    with pytest.raises(FileNotFoundError) as error:
        cu.weights.load_model(name, folder=tmp_path)
    assert f"{name}.json is missing. Get it back by `git checkout" in str(error.value)
    assert str(error.value).endswith(f"{command}.")


def test_every_name_has_a_command_that_makes_it_anew():
    for name in cu.networks.BUILDERS:
        assert "make it anew by `" in loading._remedy(name)


@pytest.fixture
def trained():
    """A finished training of two epochs and a half, and its batches."""
    history = cu.training.History(steps_per_epoch=2)
    for step in range(5):
        history.append({"loss": step})
    history.seconds, history.finished = 1800.0, True
    pictures = np.zeros((7, 28, 28, 1), np.uint8)
    return history, cu.data.batches(pictures, batch_size=4, seed=3)


def test_a_card_says_what_a_training_was(trained):
    about = cu.weights.about(*trained, data="mnist", licence="MIT")
    assert json.loads(json.dumps(about)) == about
    versions, machine = about.pop("versions"), about.pop("machine")
    assert versions["keras"] == keras.__version__ and len(versions) == 4
    assert machine
    assert about == {
        "data": "mnist",
        "licence": "MIT",
        "epochs": 2.5,
        "images_seen": 17,
        "batch_size": 4,
        "seed": 3,
        "hours": 0.5,
        "precision": cu.runtime.precision(),
        "scores": {},
    }


def test_a_recipe_keeps_its_networks_and_snapshots(
    trained, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("COURSE_RUN", "recipe")
    monkeypatch.delenv("COURSE_DATA", raising=False)
    history, batches = trained
    grown = {epoch: other_weights("mnist_gan", epoch) for epoch in (1, 2)}
    snapshots = {epoch: tmp_path / f"{epoch}.weights.h5" for epoch in grown}
    for epoch, path in snapshots.items():
        grown[epoch].save_weights(path)
    gan = other_weights("mnist_gan", 3)
    judge = other_weights("mnist_judge", 4)
    folder = tmp_path / "weights"
    cu.weights.keep(
        {"mnist_gan": gan, "mnist_judge": judge},
        history=history,
        batches=batches,
        data="mnist",
        licence="MIT",
        snapshots=snapshots,
        folder=folder,
    )
    assert f"kept {folder}/mnist_gan.weights.h5" in capsys.readouterr().out
    names = ["mnist_gan", "mnist_gan@1", "mnist_gan@2", "mnist_judge"]
    files = {f"{name}{end}" for name in names for end in (".json", ".weights.h5")}
    found = {path.name for path in folder.iterdir()}
    assert found == files | {"mnist_gan.history.npz"}
    cards = {name: cu.weights.card(name, folder=folder) for name in names}
    assert [card["epochs"] for card in cards.values()] == [2.5, 1, 2, 2.5]
    assert [card["images_seen"] for card in cards.values()] == [17, 7, 14, 17]
    assert not any(cards[name]["scores"] for name in names)
    assert len(cu.weights.history("mnist_gan", folder=folder)) == 5
    for epoch, network in grown.items():
        loaded = cu.weights.load_model(f"mnist_gan@{epoch}", folder=folder)
        assert same_pictures(loaded, network) and not same_pictures(loaded, gan)
    assert same_pictures(cu.weights.load_model("mnist_gan", folder=folder), gan)
    cu.weights.load_model("mnist_judge", folder=folder)


def test_a_recipe_writes_scores_on_the_cards(tmp_path, monkeypatch, capsys):
    gan = other_weights("mnist_gan", 3)
    cu.weights.save(gan, "mnist_gan", {"data": "mnist"}, folder=tmp_path)
    before = cu.weights.card("mnist_gan", folder=tmp_path)
    scores = {"Fréchet distance": 1.5, "digits": [0.1, 0.9]}
    cu.weights.add_scores("mnist_gan", scores, folder=tmp_path)
    assert "not kept" in capsys.readouterr().out
    assert cu.weights.card("mnist_gan", folder=tmp_path) == before
    monkeypatch.setenv("COURSE_RUN", "recipe")
    cu.weights.add_scores("mnist_gan", scores, folder=tmp_path)
    after = cu.weights.card("mnist_gan", folder=tmp_path)
    assert after == before | {"scores": scores}
    assert same_pictures(cu.weights.load_model("mnist_gan", folder=tmp_path), gan)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".h5"}


def test_a_recipe_keeps_pictures_beside_its_weights(tmp_path, monkeypatch, capsys):
    gan = other_weights("mnist_gan", 3)
    cu.weights.save(gan, "mnist_gan", {"data": "mnist"}, folder=tmp_path)
    before = cu.weights.card("mnist_gan", folder=tmp_path)
    floats = np.linspace(-1, 1, 2 * 4 * 4 * 3).reshape(2, 4, 4, 3)
    rows = {"L1 alone": floats, "all of it": np.full((1, 8, 8, 3), 7, np.uint8)}
    cu.weights.add_pictures("mnist_gan", rows, folder=tmp_path)
    assert "not kept" in capsys.readouterr().out
    assert cu.weights.card("mnist_gan", folder=tmp_path) == before
    monkeypatch.setenv("COURSE_RUN", "recipe")
    cu.weights.add_pictures("mnist_gan", rows, folder=tmp_path)
    found = cu.weights.pictures("mnist_gan", folder=tmp_path)
    assert list(found) == list(rows)
    np.testing.assert_array_equal(found["L1 alone"], cu.plotting.to_uint8(floats))
    np.testing.assert_array_equal(found["all of it"], rows["all of it"])
    cu.weights.load_model("mnist_gan", folder=tmp_path)
    path = tmp_path / "mnist_gan.pictures.npz"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="pictures.npz is cut or altered"):
        cu.weights.pictures("mnist_gan", folder=tmp_path)


def test_samples_may_be_smaller_than_the_network_draws(model, tmp_path):
    samples = tmp_path / "samples"
    samples.mkdir()
    sheet = cu.plotting.tile(np.full((4, 14, 14, 1), 9, np.uint8), columns=2)
    cu.plotting.save_picture(sheet, samples / "epoch-001-step-000005.png")
    cu.weights.save(model, NAME, {}, samples=samples, sample_size=14, folder=tmp_path)
    sheets = cu.weights.sheets(NAME, folder=tmp_path)
    assert sheets["images"].shape == (1, 4, 14, 14, 1)
    assert (sheets["images"] == 9).all()


def test_a_judge_ships_with_its_cloud(tmp_path):
    cloud = cu.metrics.cloud(np.random.default_rng(0).normal(size=(9, 4)))
    judge = cu.networks.judge()
    cu.weights.save(judge, "mnist_judge", {}, cloud=cloud, folder=tmp_path)
    found = cu.weights.cloud("mnist_judge", folder=tmp_path)
    assert set(found) == {"mean", "covariance"}
    np.testing.assert_allclose(found["covariance"], cloud.covariance, rtol=1e-6)
    path = tmp_path / "mnist_judge.cloud.npz"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="cloud.npz is cut or altered.*judges mnist"):
        cu.weights.cloud("mnist_judge", folder=tmp_path)


def test_weights_ship_with_the_course():
    assert {path.stem for path in SHIPPED} >= set(cu.networks.BUILDERS)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_card_says_what_it_must_and_its_sums_are_right(path):
    card = json.loads(path.read_text("utf-8"))
    for key in ("data", "epochs", "images_seen", "seed", "hours", "machine"):
        assert card[key] or card[key] == 0, key
    for key in ("versions", "licence", "sha256"):
        assert card[key], key
    for name, expected in card["sha256"].items():
        assert sha256(loading.FOLDER / name) == expected
    cu.weights.load_model(path.stem)


def test_weight_files_stay_within_their_size():
    sizes = [path.stat().st_size for path in loading.FOLDER.iterdir()]
    assert sizes and max(sizes) <= 30e6 and sum(sizes) <= 110e6
    for path in loading.FOLDER.glob("*.sheets.npz"):
        assert path.stat().st_size < 2e6
