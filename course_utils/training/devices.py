"""Training on several devices: each one takes its share of every batch."""

import tensorflow as tf


def use(devices: str) -> None:
    """Let all that is made from now on stand on "all" GPUs, or on "one".

    Without a GPU, TensorFlow's processors are taken, of which there is one.
    """
    listed = tf.config.list_logical_devices("GPU" if has_gpu() else "CPU")
    names = [device.name for device in listed]
    is_several = devices == "all" and len(names) > 1
    if is_several != tf.distribute.has_strategy():
        add_up = tf.distribute.ReductionToOneDevice()  # collectives mix up optimizers
        strategy = tf.distribute.MirroredStrategy(names, add_up) if is_several else None
        tf.distribute.experimental_set_strategy(strategy)


def has_gpu() -> bool:
    """Return whether there is a GPU that TensorFlow can use."""
    return bool(tf.config.list_physical_devices("GPU"))


def own(values):
    """Return a variable of which each of several devices has its own."""
    return tf.Variable(
        values,
        synchronization=tf.VariableSynchronization.ON_READ,
        aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA,
    )


def on_all(train_step):
    """Return the step, run by all devices that `setup` has opened, each on its share.

    A share is every n-th example; where a batch has no multiple of n, its first
    examples are taken once more. The optimizers are given the mean of the devices'
    gradients, and the losses are means as well. BatchNormalization sees its device's
    share alone, unless it is made with `synchronized=True`.
    """
    strategy = tf.distribute.get_strategy()
    count = strategy.num_replicas_in_sync
    if count == 1:
        return train_step
    own_step = getattr(train_step, "python_function", train_step)

    def share(batch, first):
        def rows(part):
            each = -(-len(part) // count)
            return tf.gather(part, tf.range(first, each * count, count) % len(part))

        return tf.nest.map_structure(rows, batch)

    @tf.function
    def on_each(shares):
        values = strategy.run(own_step, args=(shares,))
        return {
            name: strategy.reduce("MEAN", value, axis=None)
            for name, value in values.items()
        }

    def shares(batch):
        return strategy.experimental_distribute_values_from_function(
            lambda device: share(batch, device.replica_id_in_sync_group)
        )

    def step(batch):
        return on_each(shares(batch))

    step.get_concrete_function = lambda batch: on_each.get_concrete_function(
        shares(batch)
    )
    return step


def compiled(train_step, batch):
    """Return the step as one program for a GPU, compiled by XLA.

    It is traced once before, since what is compiled cannot make variables.
    """
    step = getattr(train_step, "python_function", train_step)
    tf.function(step).get_concrete_function(batch)
    return tf.function(step, jit_compile=True)
