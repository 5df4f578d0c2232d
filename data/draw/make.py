"""Draws the miniatures anew: `python data/draw/make.py [NAMES]` fills data/miniature/.

Without names it draws all of them, in about three minutes.
"""

import shutil
import sys
from pathlib import Path

import clothes
import creatures
import cv2
import digits
import facades
import savannah
import tensorflow as tf
import tensorflow_datasets as tfds

TO = Path(__file__).resolve().parents[1] / "miniature"
# Outlines stay clean at 4:4:4, where the colours are as fine as the light.
JPEG = [
    *(cv2.IMWRITE_JPEG_QUALITY, 88),
    *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444),
    *(cv2.IMWRITE_JPEG_OPTIMIZE, 1),
]
PNG = [cv2.IMWRITE_PNG_COMPRESSION, 9]
WEBP, LOSSLESS = [cv2.IMWRITE_WEBP_QUALITY, 80], [cv2.IMWRITE_WEBP_QUALITY, 101]
CLOTHES = "T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot"


def write(path: str, picture, options: list[int]) -> None:
    """Write a picture (RGB) to a file in the miniatures' folder."""
    (TO / path).parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(TO / path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), options)


def store(name: str, artist, labels: list[str]) -> None:
    """Store pictures and labels so that `tfds.load` finds them by the set's name."""
    folder = TO / name / "3.0.1"
    folder.mkdir(parents=True)
    for seed, (split, count) in enumerate({"train": 8_000, "test": 2_000}.items()):
        path = folder / f"{name}-{split}.tfrecord-00000-of-00001"
        with tf.io.TFRecordWriter(str(path)) as file:
            for image, label in zip(*artist.draw(count, seed=seed), strict=True):
                file.write(example(image, label))
    features = {
        "image": tfds.features.Image(shape=(28, 28, 1)),
        "label": tfds.features.ClassLabel(names=labels),
    }
    tfds.folder_dataset.write_metadata(
        data_dir=folder,
        features=features,
        description=f"Drawn pictures that stand in for {name}.",
    )


def example(image, label) -> bytes:
    """Return a picture and its label as tfds keeps them, always in the same bytes."""
    picture = cv2.imencode(".png", image, PNG)[1].tobytes()
    feature = {
        "image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[picture])),
        "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[label])),
    }
    both = tf.train.Example(features=tf.train.Features(feature=feature))
    return both.SerializeToString(deterministic=True)


def draw_mnist() -> None:
    """Write 8,000 digits to train with and 2,000 to test."""
    store("mnist", digits, list("0123456789"))


def draw_fashion_mnist() -> None:
    """Write 8,000 clothes to train with and 2,000 to test."""
    store("fashion_mnist", clothes, CLOTHES.split(","))


def draw_creatures() -> None:
    """Write 830 sketches, each with its colouring to the right of it."""
    for number, pair in enumerate(creatures.draw(830, seed=0), 1):
        write(f"creatures/train/{number}.jpg", cv2.hconcat(pair), JPEG)


def draw_facades() -> None:
    """Write plans of houses, lossless, and their photos."""
    for seed, (split, count) in enumerate({"train": 400, "val": 100}.items()):
        for number, (plan, photo) in enumerate(facades.draw(count, seed=seed), 1):
            write(f"facades/{split}/plans/{number}.png", plan, PNG)
            write(f"facades/{split}/photos/{number}.webp", photo, WEBP)


def draw_savannah() -> None:
    """Write horses, zebras of other scenes, and held-out pairs, lossless."""
    for seed, kind in enumerate(("horses", "zebras")):
        scenes = savannah.draw(800, seed=seed, size=144)
        for number, pair in enumerate(scenes, 1):
            write(f"savannah/train/{kind}/{number}.webp", pair[seed], WEBP)
    heldout = savannah.draw(100, seed=4, size=128)
    for number, (horse, zebra) in enumerate(heldout, 1):
        write(f"savannah/heldout/horses/{number}.webp", horse, LOSSLESS)
        write(f"savannah/heldout/zebras/{number}.webp", zebra, LOSSLESS)


SETS = {
    "mnist": draw_mnist,
    "fashion_mnist": draw_fashion_mnist,
    "creatures": draw_creatures,
    "facades": draw_facades,
    "savannah": draw_savannah,
}

if __name__ == "__main__":
    names = sys.argv[1:] or list(SETS)
    unknown = ", ".join(set(names) - set(SETS))
    if unknown:
        raise SystemExit(f"no data set {unknown}; the names are: {', '.join(SETS)}")
    for name in names:
        print(f"drawing {name} …", flush=True)
        shutil.rmtree(TO / name, ignore_errors=True)
        SETS[name]()
