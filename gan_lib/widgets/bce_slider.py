"""A slider for one question: what does the binary cross entropy charge for a probability p?"""

from __future__ import annotations

import torch
from matplotlib.figure import Figure

from gan_lib import checks, figures, losses
from gan_lib.widgets.tool import Tool, lay_out_once, slider

LOW, HIGH = 0.01, 0.99
TANGENT = 0.08  # half the width of the drawn tangent
CASES = ((1, "real", "-"), (0, "fake", "--"))  # label, its meaning, the line of D's loss


class BCESlider(Tool):
    """Moves p along the two loss curves: label 1 (real) and label 0 (fake), each with its slope.

    `p` is the slider, from 0.01 to 0.99. `loss(y)` and `slope(y)` are the numbers shown.
    """

    def __init__(self, p: float = 0.7):
        self.p = slider("p = D(x)", LOW, HIGH, checks.number("p", p, LOW, HIGH))
        super().__init__([self.p])
        self.figure, axes = figures.new(columns=2, width=11)
        self._parts = [self._prepare(side, *case) for side, case in zip(axes, CASES)]
        self.picture()
        lay_out_once(self.figure)
        self.watch(self.p)

    def loss(self, y: int) -> float:
        """Return the loss of the slider's p against the label y."""
        return losses.bce_from_probability(self._tensor(), y).item()

    def slope(self, y: int) -> float:
        """Return the gradient of that loss with respect to p, by automatic differentiation."""
        p = self._tensor().requires_grad_(True)
        gradient, = torch.autograd.grad(losses.bce_from_probability(p, y), p)
        return gradient.item()

    def picture(self) -> Figure:
        """Return the figure: on each curve a point at p, its tangent, and their numbers."""
        p = self.p.value
        for (y, name, _), (axes, point, tangent) in zip(CASES, self._parts):
            loss, slope = self.loss(y), self.slope(y)
            point.set_data([p], [loss])
            tangent.set_data([p - TANGENT, p + TANGENT],
                             [loss - TANGENT * slope, loss + TANGENT * slope])
            axes.title.set_text(f"label {y} ({name})\nloss {loss:.2f}, gradient {slope:+.2f}")
        return self.figure

    def alt(self) -> str:
        """Return one sentence with the slider's p, both losses and both gradients."""
        told = [f"against label {y} ({name}) the loss is {self.loss(y):.2f} and its gradient "
                f"{self.slope(y):+.2f}" for y, name, _ in CASES]
        return f"At p = {self.p.value:.2f}: " + "; ".join(told) + "."

    def _tensor(self) -> torch.Tensor:
        return torch.tensor(self.p.value, device="cpu", dtype=torch.float64)

    @staticmethod
    def _prepare(axes, y: int, name: str, line: str):
        p = torch.linspace(LOW, HIGH, 99, device="cpu", dtype=torch.float64)
        axes.plot(p, losses.bce_from_probability(p, y), color=figures.NETWORK_D, linestyle=line,
                  label=name)
        tangent, = axes.plot([], [], color=figures.NEUTRAL)
        point, = axes.plot([], [], "o", color=figures.NETWORK_D, markersize=12, label=name)
        axes.set(xlabel="p, the probability of \"real\"", ylabel="loss", xlim=(0, 1), ylim=(0, 5))
        return axes, point, tangent
