// A whole GAN in three numbers: G adds theta to noise, D(x) = sigmoid(a x + b).
import { COLOURS, button, element, picture, row, slider } from "../../gan_lib/page/parts.js";
import { Chart, signed, stripes, wipe } from "../../gan_lib/page/chart.js";

// The game of gan_lib/widgets/three_numbers.py, with the same real and noise numbers.
export class ThreeNumbersGame {
  constructor({ real, z, spread, rate, start }) {
    Object.assign(this, { real, z, spread, rate, ...start });
  }

  fakes() {
    return this.z.map((z) => this.theta + this.spread * z);
  }

  D(x) {
    return 1 / (1 + Math.exp(-(this.a * x + this.b)));
  }

  lossD() {
    return this.mean(this.real, (x) => -Math.log(this.D(x)))
      + this.mean(this.fakes(), (x) => -Math.log(1 - this.D(x)));
  }

  lossG() {
    return this.mean(this.fakes(), (x) => -Math.log(this.D(x)));
  }

  // Freeze G: a and b go one step down D's loss. Its slope at a logit is D(x) - label.
  stepD() {
    const real = (x) => this.D(x) - 1, fake = (x) => this.D(x), fakes = this.fakes();
    const slopeA = this.mean(this.real, (x) => real(x) * x) + this.mean(fakes, (x) => fake(x) * x);
    const slopeB = this.mean(this.real, real) + this.mean(fakes, fake);
    this.a -= this.rate * slopeA;
    this.b -= this.rate * slopeB;
  }

  // Freeze D: theta goes one step down G's loss, the BCE of the fakes against the label "real".
  stepG() {
    this.theta -= this.rate * this.mean(this.fakes(), (x) => (this.D(x) - 1) * this.a);
  }

  mean(numbers, of) {
    return numbers.reduce((sum, x) => sum + of(x), 0) / numbers.length;
  }
}

export function three_numbers(place, data) {
  let game = new ThreeNumbersGame(data);
  let last = { name: "no move yet", D: 0, G: 0 };
  const narrow = place.clientWidth < 700; // on a phone, smaller and below each other
  const wide = narrow ? 440 : 740, high = narrow ? 130 : 228;
  const yTicks = narrow ? [0, 1] : [0, 0.5, 1];
  const scene = picture({ width: wide, height: high + 120, alt: "" });
  const chart = new Chart(scene, {
    left: 90, top: 50, width: wide - 110, height: high, x: [-4, 6], y: [0, 1.25],
  });
  const moves = picture({ width: 360, height: high + 120, alt: "" });
  const bars = new Chart(moves, {
    left: 90, top: 50, width: 250, height: high, x: [0, 2], y: [0, 1],
  });
  const told = element("p", { class: "page-row" });
  const sliders = Object.fromEntries([["theta", "G: \u03B8"], ["a", "D: a"], ["b", "D: b"]].map(
    ([name, words]) => [name, slider({ name: words, min: data.limits[name][0],
      max: data.limits[name][1], step: 0.01, value: game[name],
      change: (value) => move(`${words} by hand`, () => { game[name] = value; }) })]));

  // Do `action`, and measure how far it moved D (a and b) and G (theta).
  const move = (name, action) => {
    const { theta, a, b } = game;
    action();
    last = { name, D: Math.hypot(game.a - a, game.b - b), G: Math.abs(game.theta - theta) };
    draw();
  };
  const both = () => {
    for (let turn = 0; turn < 10; turn++) {
      game.stepD();
      game.stepG();
    }
  };

  const drawScene = () => {
    wipe(scene);
    chart.axes({ xTicks: [-4, -2, 0, 2, 4, 6], yTicks, xName: "number x", yName: "D(x); density" });
    const filled = { colour: COLOURS.real, fill: stripes(scene.pen, `${COLOURS.real}88`) };
    chart.inside(() => {
      chart.line([[-4, 0.5], [6, 0.5]], { colour: COLOURS.neutral, thick: 1.5, dash: [2, 5] });
      threeNumbersStairs(chart, game.real, filled);
      threeNumbersStairs(chart, game.fakes(), { colour: COLOURS.fake, dash: [9, 6] });
      const curve = [];
      for (let x = -4; x <= 6; x += 0.05) curve.push([x, game.D(x)]);
      chart.line(curve, { colour: COLOURS.D, thick: 4 });
    });
    const key = [["real", filled], ["fake", { colour: COLOURS.fake, dash: [9, 6] }],
                 ["D(x)", { colour: COLOURS.D, thick: 4 }]];
    key.forEach(([words, look], i) => {
      const left = (narrow ? 40 : 100) + 135 * i;
      chart.rule([[left, 22], [left + 44, 22]], { thick: 3, ...look });
      chart.words(words, left + 54, 22);
    });
  };
  const drawMoves = () => {
    wipe(moves);
    bars.axes({ xTicks: [], yTicks, xName: `last: ${last.name}`,
                yName: narrow ? "moved" : "how far it moved" });
    const looks = { D: COLOURS.D, G: stripes(moves.pen, COLOURS.G) };
    ["D", "G"].forEach((player, i) => {
      const height = Math.min(last[player], 1);
      moves.pen.fillStyle = looks[player];
      moves.pen.fillRect(bars.x(i + 0.2), bars.y(height), bars.x(0.6) - bars.x(0),
                         bars.y(0) - bars.y(height));
      bars.words(`|\u0394${player}|`, bars.x(i + 0.5), bars.y(0) + 20, { align: "center" });
      bars.words(threeNumbersMoved(last[player]), bars.x(i + 0.5), bars.y(height) - 16,
                 { align: "center" });
    });
  };
  const draw = () => {
    drawScene();
    drawMoves();
    for (const [name, control] of Object.entries(sliders)) control.set(game[name]);
    const { theta, a, b } = game;
    const numbers = `\u03B8 = ${signed(theta, 2)}, a = ${signed(a, 2)}, b = ${signed(b, 2)}`;
    const losses = `loss of D ${game.lossD().toFixed(2)}, loss of G ${game.lossG().toFixed(2)}`;
    told.textContent = `${numbers};  ${losses}`;
    scene.say(`Real numbers near 2, fakes near ${signed(theta, 2)}, and D\u2019s curve. `
              + `${numbers}; ${losses}.`);
    moves.say(`Last move: ${last.name}. |\u0394D| is ${threeNumbersMoved(last.D)}, |\u0394G| is `
              + `${threeNumbersMoved(last.G)}.`);
  };

  draw();
  place.replaceChildren(
    row(scene, moves), told, row(...Object.values(sliders)),
    row(button("Step D", () => move("Step D", () => game.stepD())),
        button("Step G", () => move("Step G", () => game.stepG())),
        button("Both \u00D710", () => move("Both \u00D710", both)),
        button("Reset", () => move("Reset", () => { game = new ThreeNumbersGame(data); }))));
}

function threeNumbersMoved(far) {
  return far === 0 ? "0 exactly" : far.toFixed(3);
}

// A histogram's outline: the density of the numbers in 40 bins of the x axis.
function threeNumbersStairs(chart, numbers, { colour, dash = [], fill = null }) {
  const [low, high] = chart.xRange, bins = 40, wide = (high - low) / bins;
  const counts = new Array(bins).fill(0);
  for (const x of numbers) {
    if (x >= low && x < high) counts[Math.floor((x - low) / wide)]++;
  }
  const outline = [[low, 0]];
  counts.forEach((count, bin) => {
    const density = count / (numbers.length * wide);
    outline.push([low + bin * wide, density], [low + (bin + 1) * wide, density]);
  });
  outline.push([high, 0]);
  if (fill) {
    chart.line(outline, { colour, thick: 1.5 });
    chart.pen.fillStyle = fill;
    chart.pen.fill();
  }
  chart.line(outline, { colour, dash, thick: fill ? 1.5 : 3 });
}
