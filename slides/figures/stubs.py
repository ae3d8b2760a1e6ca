"""A simple picture for each figure that is not drawn yet."""

from __future__ import annotations

from gan_lib import checkpoints, figures, latent
from slides.figures import Drawing

NAMES = """board_noise board_upconvolution board_picture board_discriminator mlp_or_cnn random_feed
balancing_act freeze_G freeze_D gradients maximin best_D beginning_digits_fc beginning_digits_conv
beginning_faces_fc beginning_faces_conv progress faces_hard faces_sheet occlusion interpolation
class_from_noise text_to_image talking_heads growing_explained""".split()


def _stub(name: str) -> Drawing:
    G = checkpoints.load("faces" if "face" in name else "digits").cpu()
    figure, axes = figures.new(width=12, height=5)
    figures.draw_images(axes, G(latent.draw(24, G.z_dim)), name, columns=8, frame=figures.FAKE)
    return Drawing(figure, f"24 fakes stand where the figure {name} will be.")


FIGURES = {name: (lambda name=name: _stub(name)) for name in NAMES}
