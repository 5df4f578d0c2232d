"""The losses of the lessons, on logits, with Keras operations only."""

import keras


def cross_entropy(labels, logits):
    """Return the mean binary cross entropy of logits of any shape; labels 0 to 1."""
    losses = keras.ops.binary_crossentropy(labels, logits, from_logits=True)
    return keras.ops.mean(losses)


def discriminator_loss(real_logits, fake_logits):
    """Return the discriminator's loss: real should get logits above 0, fake below."""
    real_loss = cross_entropy(keras.ops.ones_like(real_logits), real_logits)
    fake_loss = cross_entropy(keras.ops.zeros_like(fake_logits), fake_logits)
    return real_loss + fake_loss


def generator_loss(fake_logits):
    """Return the non-saturating generator loss: fakes should be taken for real."""
    return cross_entropy(keras.ops.ones_like(fake_logits), fake_logits)


def accuracy(logits, *, real):
    """Return the share of logits on the right side of 0, a number from 0 to 1."""
    right = logits > 0 if real else logits < 0
    return keras.ops.mean(keras.ops.cast(right, "float32"))


def l1_loss(targets, fake):
    """Return the mean absolute difference of two batches of pictures, one number.

    A cycle's loss is `l1_loss(real, cycled)`, an identity's `l1_loss(real, same)`.
    """
    return keras.ops.mean(keras.ops.abs(targets - fake))
