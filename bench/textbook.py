"""The textbook loop: what a first GAN program does, as in the DCGAN tutorials.

It is the yardstick of the bench, in our own code: a DataLoader with two workers, batch
normalisation in both networks, a sigmoid at D's end and binary cross entropy on probabilities,
Adam with momentum, float32, and numbers read and printed at every step. The networks are the
course's own, so that a difference in speed comes from how they are trained.
"""

from __future__ import annotations

import multiprocessing
import os
import time

import psutil
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from gan_lib import data, models

LR, BETAS = 2e-4, (0.5, 0.999)
WORKERS = 2


def networks(size: int, channels: int, z_dim: int, width: int, seed: int = 0):
    """Return the textbook's D, which gives logits, and its G, both with batch normalisation."""
    torch.manual_seed(seed)
    D = models.ConvDiscriminator(size, channels, width, hidden=0, batch_norm=True)
    G = models.ConvGenerator(z_dim, size, channels, width, hidden=0, batch_norm=True)
    for network in (D, G):
        network.apply(draw_weights)
        drop_needless_biases(network)
    return D, G


def drop_needless_biases(network: nn.Module) -> None:
    """Leave out each bias that batch normalisation would take away again, as the tutorials do.

    They leave out the others as well; on digits that makes the textbook more than twice as bad.
    """
    weighted = [layer for layer in network.layers if hasattr(layer, "weight")]
    for layer, following in zip(weighted, weighted[1:]):
        if isinstance(following, nn.BatchNorm2d):
            layer.bias = None


def draw_weights(layer: nn.Module) -> None:
    """Draw the first weights of a layer as DCGAN does (Radford et al., 2015)."""
    if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(layer.weight, 0.0, 0.02)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)


class TextbookGame:
    """The textbook loop, one step at a time. Close it in the end, or use it in a `with`.

    `z_dim` is the length of the noise and `width` as in `models.ConvGenerator`. The networks
    train where the samples lie; the DataLoader reads from the CPU, as textbooks do.
    """

    def __init__(self, samples: data.Images, z_dim: int = 100, width: int = 64,
                 batch_size: int = 64, seed: int = 0):
        self.device = samples.device
        self.z_dim, self.batch_size = z_dim, batch_size
        logits_D, G = networks(samples.size, samples.channels, z_dim, width, seed)
        self.D = nn.Sequential(logits_D, nn.Sigmoid()).to(self.device)
        self.G = G.to(self.device)
        self.optimizer_D = torch.optim.Adam(self.D.parameters(), lr=LR, betas=BETAS)
        self.optimizer_G = torch.optim.Adam(self.G.parameters(), lr=LR, betas=BETAS)
        self.criterion = nn.BCELoss()
        others = set(multiprocessing.active_children())
        # Textbooks let the workers end with every epoch. Keeping them is kinder to small sets.
        self.loader = DataLoader(TensorDataset(samples.scaled().cpu()), batch_size, shuffle=True,
                                 drop_last=True, num_workers=WORKERS, persistent_workers=True)
        self.batches = iter(self.loader)
        self.workers = [psutil.Process(worker.pid)
                        for worker in set(multiprocessing.active_children()) - others]
        self.log = open(os.devnull, "w", encoding="utf-8")
        self.steps = 0
        self._start = time.process_time()

    @property
    def images_seen(self) -> int:
        """How many real pictures D was shown."""
        return self.steps * self.batch_size

    def step(self) -> None:
        """Play one step: D on real pictures, D on fakes, then G on the same fakes."""
        real = self._next_batch().to(self.device)
        ones = torch.ones(len(real), device=self.device)
        zeros = torch.zeros(len(real), device=self.device)

        self.D.zero_grad()
        output = self.D(real)
        loss_real = self.criterion(output, ones)
        loss_real.backward()
        D_real = output.mean().item()
        fake = self.G(torch.randn(len(real), self.z_dim, device=self.device))
        output = self.D(fake.detach())
        loss_fake = self.criterion(output, zeros)
        loss_fake.backward()
        D_fake_before = output.mean().item()
        self.optimizer_D.step()

        self.G.zero_grad()
        output = self.D(fake)
        loss_G = self.criterion(output, ones)
        loss_G.backward()
        D_fake_after = output.mean().item()
        self.optimizer_G.step()

        self.steps += 1
        print(f"step {self.steps}: loss of D {(loss_real + loss_fake).item():.4f}, "
              f"loss of G {loss_G.item():.4f}, D on real {D_real:.4f}, "
              f"D on fakes {D_fake_before:.4f} then {D_fake_after:.4f}", file=self.log)

    def cpu_seconds(self) -> float:
        """Return the CPU time since the start, of this process and of the loader's workers.

        Call it before `close`.
        """
        times = [worker.cpu_times() for worker in self.workers]
        return time.process_time() - self._start + sum(part.user + part.system for part in times)

    def close(self) -> None:
        """End the loader's workers: they go when nothing holds their loader any longer."""
        self.batches = self.loader = None
        self.log.close()

    def __enter__(self) -> TextbookGame:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _next_batch(self) -> torch.Tensor:
        batch = next(self.batches, None)
        if batch is None:  # the epoch is over
            self.batches = iter(self.loader)
            batch = next(self.batches)
        return batch[0]
