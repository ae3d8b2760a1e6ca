// A GAN in the plane, trained in the slide: who moves, who is frozen, and what D believes.
import { COLOURS, button, choice, element, paint, picture, player, row }
  from "../../gan_lib/page/parts.js";
import { network, sigmoid } from "../../gan_lib/page/networks.js";
import { LETTERS, Chart, stripes, wipe } from "../../gan_lib/page/chart.js";
import { column } from "./framed.js";
import { RingGame } from "./ring_game.js";

const GAME_MILLISECONDS = 12; // of training in each frame of the screen

export function game(place, data, networks) {
  const size = 440, { limit } = data;
  const first = () => new RingGame({ ...data, D: network(data.D), G: network(data.G), seed: 0,
    real: Float32Array.from(data.real.flat()), z: Float32Array.from(data.z.flat()) });
  const plane = picture({ width: size, height: size, alt: "" });
  const bars = picture({ width: 360, height: 112, alt: "" });
  const told = element("div", { class: "page-words" });
  const chart = new Chart(plane, { width: size, height: size, x: [-limit, limit],
                                   y: [-limit, limit] });
  const grid = gameGrid(limit, data.side), marks = gameMarks();
  let ring = first(), games = 0;

  const draw = () => {
    const judged = ring.D.forward(grid).map(sigmoid);
    const fakes = ring.fakes(), real = ring.real.subarray(0, fakes.length);
    gameField(plane, judged, data.side);
    gamePoints(chart, marks, { real, fake: fakes });
    gameBars(bars, ring.moved);
    const mean = (points) => ring.D.forward(points).map(sigmoid)
      .reduce((sum, p, _, all) => sum + p / all.length, 0).toFixed(2);
    const { hit, onModes } = ring.modes(fakes), share = `${Math.round(100 * onModes)} %`;
    const steps = ring.steps.toLocaleString("en");
    const lines = [`${steps} steps; last move: ${ring.last}`,
                   `${hit} of ${data.centres.length} modes hit, ${share} of the fakes near a mode`,
                   `mean D(x) of real points ${mean(real)}, of fakes ${mean(fakes)}`];
    told.replaceChildren(...lines.map((line) => element("div", {}, line)));
    plane.say(`The plane after ${steps} steps: real points in a ring of eight modes; the fakes hit `
      + `${hit} of them, ${share} of the fakes are near a mode. ${lines[2]}.`);
    bars.say(`How far the networks moved in the last move: D ${gameNumber(ring.moved.D)}, `
             + `G ${gameNumber(ring.moved.G)}.`);
  };
  const press = (name, action) => button(name, () => {
    play.stop();
    action();
    draw();
  });
  const set = () => ring.settings(loss.value, r1.value === "on" ? 1 : 0);
  const play = player("Play", () => {
    ring.bothFor(GAME_MILLISECONDS);
    draw();
  });
  const loss = choice({ name: "Loss of G:", value: "non-saturating", change: set,
    options: { "non-saturating": "non-saturating", minimax: "minimax" } });
  const r1 = choice({ name: "R1 penalty:", value: "on", change: set,
                      options: { on: "on", off: "off" } });
  const percents = data.measured.shares.map((share) => Math.round(100 * share));
  const before = `Measured in PyTorch, ${percents.length} games of `
    + `${data.measured.steps.toLocaleString("en")} steps: ${data.measured.modes.join(", ")} modes `
    + `hit, ${Math.min(...percents)} to ${Math.max(...percents)}\u00A0% of the fakes near one.`;
  const buttons = row(
    press("Step D", () => ring.stepD()), press("Step G", () => ring.stepG()),
    press("Both ×50", () => ring.both(50)), play, press("New game", () => {
      games += 1;
      ring = ring.another(games);
      set();
    }));
  draw();
  place.replaceChildren(row(plane, column(670, told, bars, buttons, loss, r1,
    element("div", { class: "page-words" }, before))));
}

// The points of a grid over the plane, from top to bottom: x, y, x, y, ...
function gameGrid(limit, side) {
  const at = (i) => limit * (2 * (i + 0.5) / side - 1);
  return Float32Array.from({ length: 2 * side * side }, (_, i) => {
    const point = i >> 1;
    return i % 2 ? -at(Math.floor(point / side)) : at(point % side);
  });
}

// D's judgement as a colour: from white (fake) to D's purple (real), a little faint.
function gameField(canvas, judged, side) {
  const purple = [1, 3, 5].map((i) => parseInt(COLOURS.D.slice(i, i + 2), 16));
  const pixels = new Float32Array(3 * judged.length);
  judged.forEach((p, i) => purple.forEach((level, colour) => {
    pixels[3 * i + colour] = 1 - 2 * 0.6 * p * (1 - level / 255);
  }));
  paint(canvas, pixels, [side, side, 3]);
}

// One mark of each kind as a small picture: to stamp it is quicker than to draw each mark.
function gameMarks() {
  const size = 12, middle = size / 2, made = {};
  for (const kind of ["real", "fake"]) {
    made[kind] = picture({ width: size, height: size, alt: "" });
    const chart = new Chart(made[kind], { width: size, height: size, x: [0, size], y: [0, size] });
    const colour = COLOURS[kind];
    if (kind === "real") chart.mark(middle, middle, { colour, size: 3 });
    else [-4, 4].forEach((side) => chart.line([[middle - 4, middle - side],
      [middle + 4, middle + side]], { colour, thick: 2 }));
  }
  return made;
}

function gamePoints(chart, marks, points) {
  for (const [kind, places] of Object.entries(points)) {
    for (let i = 0; i < places.length; i += 2) {
      chart.pen.drawImage(marks[kind], chart.x(places[i]) - 6, chart.y(places[i + 1]) - 6, 12, 12);
    }
  }
  chart.words("● real", 12, 18, { colour: COLOURS.real });
  chart.words("× fake", 12, 44, { colour: COLOURS.fake });
  chart.words("darker: D says real", 12, chart.height - 18);
}

function gameNumber(moved) { return moved === 0 ? "0 exactly" : moved.toFixed(3); }

// How far D and G moved: bars that tell 0.001 from 0, and have room for 10.
function gameBars(canvas, moved) {
  const { pen } = canvas, share = (far) => Math.min(
    far < 0.01 ? 25 * far : 0.25 + Math.log10(far / 0.01) / 4, 1);
  wipe(canvas);
  Object.assign(pen, { font: LETTERS, textBaseline: "middle", textAlign: "left" });
  ["D", "G"].forEach((name, i) => {
    const y = 8 + 54 * i;
    pen.fillStyle = "#222222";
    pen.fillText(`|Δ${name}|`, 0, y + 20);
    pen.fillStyle = name === "D" ? COLOURS.D : stripes(pen, COLOURS.G);
    pen.fillRect(60, y, 190 * share(moved[name]), 40);
    pen.fillStyle = "#222222";
    pen.fillText(gameNumber(moved[name]), 68 + 190 * share(moved[name]), y + 20);
  });
}
