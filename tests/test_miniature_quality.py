"""Are the drawn pictures good? A network that knows the real ones names them."""

import os

import keras
import numpy as np
import pytest
from course_utils import data, runtime
from course_utils.data import clothes, digits
from keras import layers

pytestmark = pytest.mark.skipif(
    not os.environ.get("COURSE_DOWNLOADS"),
    reason="COURSE_DOWNLOADS does not name a folder with the published files",
)


def judge(images, labels):
    """Return a small network that was trained on these pictures for three epochs."""
    keras.utils.set_random_seed(0)
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.RandomTranslation(0.05, 0.05),
            layers.Conv2D(32, 3, 2, activation="relu"),
            layers.Conv2D(64, 3, 2, activation="relu"),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(2e-3), loss)
    network.fit(images, labels, batch_size=128, epochs=3, verbose=0)
    return network


def named(network, images):
    logits = network.predict(images, batch_size=500, verbose=0)
    return logits.argmax(axis=1)


@pytest.mark.parametrize(
    ("name", "artist", "real_share", "drawn_share"),
    [("mnist", digits, 0.96, 0.90), ("fashion_mnist", clothes, 0.82, 0.60)],
)
def test_a_judge_trained_on_the_real_set_names_the_drawn_pictures(
    monkeypatch, real_root, name, artist, real_share, drawn_share
):
    monkeypatch.setattr(runtime, "ROOT", real_root)
    train = data.load(name, source="real", limit=30_000)
    network = judge(train.images, train.labels)
    test = data.load(name, "test", source="real")
    right_real = (named(network, test.images) == test.labels).mean()
    images, labels = artist.draw(2_000, seed=12345)
    found = named(network, images)
    right_drawn = (found == labels).mean()
    by_kind = [(found[labels == kind] == kind).mean() for kind in range(10)]
    print(
        f"{name}: real {right_real:.3f}, drawn {right_drawn:.3f}", np.round(by_kind, 2)
    )
    assert right_real >= real_share
    assert right_drawn >= drawn_share
