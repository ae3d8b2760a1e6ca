"""What the tests of the take-home page share: generators, texts that do harm, the open page."""

import json
import re

import torch
from torch import nn

from gan_lib import models

# Texts that would end the element they stand in, start a script, or break the file.
NASTY = ["</script><script>window.broken = 1</script>", "<img src=x onerror='window.broken = 1'>",
         "\"' onmouseover='window.broken = 1' x=\"", "--><!--", "$title ${data} $$",
         "&lt;b&gt; &amp;", "\u2028line\u2029line", "</title></style></table><h1>no</h1>",
         "Ω 数 🙂 \x07", "w" * 2000]


def generator(**arguments):
    torch.manual_seed(0)
    G = models.ConvGenerator(**{"z_dim": 8, "width": 4, "hidden": 16, **arguments})
    for parameter in G.parameters():
        if parameter.dim() > 1:  # pictures of an untrained G would be grey
            nn.init.xavier_normal_(parameter, gain=2.0)
    return G


def with_statistics(G):
    """Let the batch norms of G see some noise, as training does."""
    G.train()(torch.randn(64, G.z_dim))
    return G


GENERATORS = {
    "grey": generator,
    "colour, one number": lambda: generator(z_dim=1, channels=3, size=32),
    "64 px, 128 numbers": lambda: generator(z_dim=128, size=64, channels=3, up="resize"),
    "batch norm": lambda: with_statistics(generator(batch_norm=True, hidden=0)),
    "fully connected": lambda: models.FullyConnectedGenerator(z_dim=6, width=16),
}


def content(path):
    return path.read_text(encoding="utf-8")


def samples(text: str) -> torch.Tensor:
    """Return the 16 noise vectors that the file brings along."""
    data = re.search('id="data">(.*?)</script>', text, re.DOTALL)[1]
    return torch.tensor(json.loads(data)["samples"])


class Home:
    """A saved page that is open in the browser; what goes wrong there is collected."""

    def __init__(self, browser, path, **options):
        self.text, self.problems, self.requests = content(path), [], []
        self.tab = browser.new_context(**options).new_page()
        self.tab.on("pageerror", lambda error: self.problems.append(str(error)))
        self.tab.on("console", lambda message: self.problems.append(
            message.text) if message.type == "error" else None)
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.set_default_timeout(10_000)
        self.address = path.resolve().as_uri()
        self.tab.goto(self.address)
        self.large = self.tab.locator("figure canvas")

    def slider(self, i: int):
        return self.tab.get_by_label(f"z[{i}]", exact=True)

    def z(self) -> list[float]:
        """Return where the sliders stand."""
        return [float(one.input_value()) for one in self.tab.locator("input[type=range]").all()]

    def press(self, name: str) -> None:
        self.tab.get_by_role("button", name=name, exact=True).click()

    def alt(self) -> str:
        return self.large.get_attribute("aria-label")

    def pixels(self, height: int, width: int) -> torch.Tensor:
        """Return the large picture as it was painted: (height, width, 3), in [0, 255]."""
        painted = self.large.evaluate("""(canvas, [height, width]) => {
            const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const found = [];
            for (let row = 0; row < height; row++) {
                for (let column = 0; column < width; column++) {
                    const y = Math.floor((row + 0.5) * canvas.height / height);
                    const x = Math.floor((column + 0.5) * canvas.width / width);
                    const start = 4 * (y * canvas.width + x);
                    found.push(data[start], data[start + 1], data[start + 2]);
                }
            }
            return found;
        }""", [height, width])
        return torch.tensor(painted, dtype=torch.float32).view(height, width, 3)

    def samples(self) -> torch.Tensor:
        return samples(self.text)

    def close(self) -> None:
        self.tab.context.close()
        asked = [address for address in self.requests if not address.startswith("data:")]
        assert self.problems == [] and asked == [self.address]
