// The game of the plane that the slide `game` shows: its networks, its moves, what is measured.
import { Game } from "../../gan_lib/page/game.js";
import { noise, pointNetwork, randomNumbers } from "../../gan_lib/page/networks.js";

export class RingGame {
  // `real` are the points of the ring, x, y, x, y, ...; `centres` [x, y] of each of its modes.
  constructor({ D, G, real, centres, z, batch, near, share, seed }) {
    Object.assign(this, { D, G, real, centres, z, batch, near, share });
    this.random = randomNumbers(seed);
    this.game = new Game(D, G);
    Object.assign(this, { steps: 0, last: "no move yet", moved: { D: 0, G: 0 } });
  }

  // Two untrained networks of the same sizes, and everything else as it was.
  another(seed) {
    const random = randomNumbers(seed), { D, G } = this, width = D.linear[0].outside;
    return new RingGame({ ...this, D: pointNetwork(D.zDim, width, 1, random),
                          G: pointNetwork(G.zDim, width, 2, random), seed });
  }

  // What the game goes on with: "non-saturating" or "minimax", and the weight of R1.
  settings(loss, r1) { Object.assign(this.game, { loss, r1 }); }

  stepD() {
    this.move("step D, G frozen", () => this.game.stepD(this.batchOfReal(), this.noise()));
  }

  stepG() {
    this.move("step G, D frozen", () => this.game.stepG(this.noise()));
  }

  // Alternate: `pairs` times a step of D and a step of G.
  both(pairs = 1) {
    this.move(`${pairs} × (step D, step G)`, () => {
      for (let i = 0; i < pairs; i++) this.game.step(this.batchOfReal(), this.noise());
      this.steps += pairs;
    });
  }

  // Alternate for some milliseconds, at least once.
  bothFor(milliseconds) {
    const end = performance.now() + milliseconds;
    do this.both(); while (performance.now() < end);
  }

  // Make a move, and measure how far both networks went: |ΔD| and |ΔG|.
  move(name, action) {
    const before = [this.D, this.G].map((network) => network.weights().map((part) => part.slice()));
    action();
    const [D, G] = [this.D, this.G].map((network, i) => distanceOf(network.weights(), before[i]));
    Object.assign(this, { last: name, moved: { D, G } });
  }

  batchOfReal() {
    const points = new Float32Array(2 * this.batch);
    for (let i = 0; i < points.length; i += 2) {
      const chosen = 2 * Math.floor(this.random() * this.real.length / 2);
      points.set(this.real.subarray(chosen, chosen + 2), i);
    }
    return points;
  }

  noise() { return noise(this.batch * this.G.zDim, this.random); }

  fakes() { return this.G.forward(this.z); } // of the same noise each time

  // As metrics.modes_hit: how many modes have at least `share` of the fakes near them; and the
  // share of fakes that are near a mode.
  modes(fakes = this.fakes()) {
    const hits = this.centres.map(() => 0), count = fakes.length / 2;
    for (let i = 0; i < count; i++) {
      this.centres.forEach(([x, y], mode) => {
        hits[mode] += Math.hypot(fakes[2 * i] - x, fakes[2 * i + 1] - y) <= this.near;
      });
    }
    return { hit: hits.filter((hit) => hit >= this.share * count).length,
             onModes: hits.reduce((sum, hit) => sum + hit) / count };
  }
}

function distanceOf(parts, others) {
  return Math.sqrt(parts.reduce((sum, part, k) => part.reduce(
    (inside, value, i) => inside + (value - others[k][i]) ** 2, sum), 0));
}
