"""What the bank of answers does not hold: that chance does not decide about an answer."""

import torch

from gan_lib.exercises import generator


def test_no_right_answer_for_noise_is_refused_by_chance():
    for seed in range(100):
        own = torch.Generator().manual_seed(seed)
        generator.examine_noise(lambda n, z_dim, own=own: torch.randn(n, z_dim, generator=own))
