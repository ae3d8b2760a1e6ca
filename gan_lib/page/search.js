// The search for noise whose fake agrees with the visible part of a picture, in a web page.
// As latent.Search in Python (after Yeh et al., 2017), from one start.

import { Adam } from "./game.js";

export class Search {
  // `x`: one picture as G makes them; `visible`: true or false for each of its pixels; `z`: the
  // start. `prior` pulls z towards 0.
  constructor(G, x, visible, z, { lr = 0.2, prior = 0.002 } = {}) {
    Object.assign(this, { G, x, visible, prior, z: z.slice(), steps: 0 });
    const noise = { weights: () => [this.z], gradients: () => [this.gradient] }; // z learns here
    this.optimizer = new Adam(noise, lr, [0.9, 0.999]);
    this.look();
  }

  // See what G makes of z now, and how far that is from x where x is visible.
  look() {
    this.fake = this.G.forward(this.z);
    this.error = visibleError(this.fake, this.x, this.visible);
    return this.error;
  }

  // One step of z down the error; G stays as it is.
  step() {
    const channels = this.x.length / this.visible.length;
    const numbers = channels * this.visible.filter(Boolean).length;
    const slopes = this.fake.map((value, i) => (
      this.visible[Math.floor(i / channels)] ? 2 * (value - this.x[i]) / numbers : 0));
    const pull = 2 * this.prior / this.z.length;
    this.gradient = this.G.backward(slopes).map((slope, i) => slope + pull * this.z[i]);
    this.optimizer.step();
    this.steps += 1;
    return this.look();
  }
}

// The mean squared difference of two pictures over the visible pixels.
export function visibleError(fake, x, visible) {
  const channels = x.length / visible.length;
  let sum = 0, numbers = 0;
  for (let i = 0; i < x.length; i++) {
    if (!visible[Math.floor(i / channels)]) continue;
    sum += (fake[i] - x[i]) ** 2;
    numbers += 1;
  }
  return sum / numbers;
}
