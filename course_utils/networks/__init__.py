"""The networks of the lessons by name, as their notebooks write them."""

import keras
from course_utils.networks.cyclegan import PictureDiscriminator, ResNetGenerator
from course_utils.networks.dcgan import dcgan_discriminator, dcgan_generator
from course_utils.networks.facades import (
    downsample,
    facades_discriminator,
    facades_generator,
    upsample,
)
from course_utils.networks.judges import FacadeJudge, animal_judge, judge
from course_utils.networks.mnist import (
    CganDiscriminator,
    CganGenerator,
    GanDiscriminator,
    GanGenerator,
)
from course_utils.networks.pix2pix import (
    Decoder,
    Encoder,
    EncoderDecoder,
    PatchDiscriminator,
    PixelDiscriminator,
    UNet,
    encoder_filters,
)


def called(network: keras.Model, *shapes: tuple) -> keras.Model:
    """Return the network after a call on zeros, which makes its weights.

    Keras would trace each layer that is made of layers once more to build it, and
    what is in it again; here only the innermost ones are built, as the call comes.
    """
    for layer in network._flatten_layers():
        if layer._layers and not isinstance(layer, keras.Sequential):
            layer.built = True
    network(*[keras.ops.zeros((1, *shape)) for shape in shapes])
    return network


PICTURE, SMALL = (256, 256, 3), (128, 128, 3)
BUILDERS = {
    "fashion_dcgan": dcgan_generator,
    "fashion_dcgan_discriminator": dcgan_discriminator,
    "mnist_gan": lambda: called(GanGenerator(), (100,)),
    "mnist_cgan": lambda: called(CganGenerator(), (100,), (10,)),
    "mnist_cgan_lazy": lambda: called(CganGenerator(), (100,), (10,)),
    "mnist_judge": judge,
    "fashion_judge": judge,
    "facades_judge": lambda: called(FacadeJudge(), SMALL),
    "horse2zebra_judge": animal_judge,
    "sketch2pokemon_pix2pix": lambda: called(UNet(256, 32, "instance"), PICTURE),
    "sketch2pokemon_pix2pix_discriminator": lambda: called(
        PatchDiscriminator(32, "instance"), PICTURE, PICTURE
    ),
    "creatures_pix2pix": lambda: called(UNet(128, 16, "instance"), SMALL),
    "facades_pix2pix": lambda: facades_generator(256, 32),
    "facades_pix2pix_discriminator": lambda: facades_discriminator(256, 32),
    "horse2zebra_cyclegan": lambda: called(ResNetGenerator(128, 32), SMALL),
    "zebra2horse_cyclegan": lambda: called(ResNetGenerator(128, 32), SMALL),
    "savannah_cyclegan": lambda: called(UNet(64, 16, "instance"), (64, 64, 3)),
    "savannah_cyclegan_back": lambda: called(UNet(64, 16, "instance"), (64, 64, 3)),
}
