// The game between two small networks in the plane, trained in a web page.

export function sigmoid(logit) { return 1 / (1 + Math.exp(-logit)); }

// The mean binary cross entropy of logits against the label y, 0 or 1.
export function bce(logits, y) {
  const one = logit => Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - y * logit;
  return logits.reduce((sum, logit) => sum + one(logit), 0) / logits.length;
}

// Its gradient at each logit: p - y, divided by their number.
function bceGradient(logits, y) { return logits.map(s => (sigmoid(s) - y) / logits.length); }

export class Adam { // Kingma & Ba, 2014
  constructor(network, lr, [beta1, beta2]) {
    Object.assign(this, { network, lr, beta1, beta2, steps: 0 });
    [this.means, this.squares] = [0, 1].map(
      () => network.weights().map(part => new Float32Array(part.length)));
  }

  step() {
    const { lr, beta1, beta2 } = this;
    this.steps += 1;
    const length = lr / (1 - beta1 ** this.steps), unbias = Math.sqrt(1 - beta2 ** this.steps);
    const gradients = this.network.gradients();
    this.network.weights().forEach((weights, part) => {
      const gradient = gradients[part], mean = this.means[part], square = this.squares[part];
      for (let i = 0; i < weights.length; i++) {
        mean[i] += (1 - beta1) * (gradient[i] - mean[i]);
        square[i] += (1 - beta2) * (gradient[i] ** 2 - square[i]);
        weights[i] -= length * mean[i] / (Math.sqrt(square[i]) / unbias + 1e-8);
      }
    });
  }
}

// The alternating game between two point networks, as gan_lib.training plays it.
export class Game {
  constructor(D, G, { lr = 2e-3, betas = [0, 0.99], loss = "non-saturating", r1 = 1,
                      r1Every = 4 } = {}) {
    Object.assign(this, { D, G, loss, r1, r1Every, turns: 0 });
    this.optimizerD = new Adam(D, lr, betas);
    this.optimizerG = new Adam(G, lr, betas);
  }

  step(real, z) {
    this.stepD(real, z, this.turns % this.r1Every === 0 ? this.r1 * this.r1Every : 0);
    this.stepG(z);
    this.turns += 1;
  }

  // Freeze G: D goes one step down its loss. `real` and `z` hold as many samples.
  stepD(real, z, r1 = this.r1) {
    const { D, G } = this, fake = G.forward(z);
    D.zeroGradient();
    const realLogits = D.forward(real);
    if (r1) addR1Gradient(D, realLogits.length, r1);
    D.backward(bceGradient(realLogits, 1), true);
    const fakeLogits = D.forward(fake);
    D.backward(bceGradient(fakeLogits, 0), true);
    this.optimizerD.step();
    this.lossD = bce(realLogits, 1) + bce(fakeLogits, 0);
  }

  // Freeze D: G goes one step down its loss.
  stepG(z) {
    const { D, G } = this, logits = D.forward(G.forward(z));
    const minimax = this.loss === "minimax"; // up D's own loss: down its negative
    const gradient = bceGradient(logits, minimax ? 0 : 1);
    G.zeroGradient();
    G.backward(D.backward(minimax ? gradient.map(slope => -slope) : gradient), true);
    this.optimizerG.step();
    this.lossG = minimax ? -bce(logits, 0) : bce(logits, 1);
  }
}

// R1 = r1/2 times the mean squared length of D's gradient at the real samples that D saw last
// (Mescheder et al., 2018). D is made of straight pieces: so the gradient of R1 for the weights is
// found by sending r1/n times D's gradient forward through the same layers.
function addR1Gradient(D, n, r1) {
  const slopes = D.backward(new Float32Array(n).fill(1));
  D.layers.reduce((change, layer) => layer.follow(change), slopes.map(slope => slope * r1 / n));
}
