// A box hides a part of a real face; a search for z, in the page, fills it.
import { COLOURS, button, element, hold, picture, player, row, slider }
  from "../../gan_lib/page/parts.js";
import { Chart, wipe } from "../../gan_lib/page/chart.js";
import { Search, visibleError } from "../../gan_lib/page/search.js";
import { FRAME, fillPlace, noiseSource, paintFramed } from "./framed.js";

const OCCLUDER_CALM = matchMedia("(prefers-reduced-motion: reduce)");

// True for each pixel beside the box.
export function besideTheBox({ left, top, width, height }, size) {
  return Array.from({ length: size * size }, (_, i) => {
    const column = i % size - left, row = Math.floor(i / size) - top;
    return column < 0 || column >= width || row < 0 || row >= height;
  });
}

// One search as it is watched: first it draws many z and takes the best, then it steps down.
export class Filling {
  constructor(G, x, visible, z, moreNoise, { draws, steps }) {
    Object.assign(this, { G, x, visible, moreNoise, draws, steps, drawn: 1, errors: [] });
    this.search = new Search(G, x, visible, z);
  }

  get error() { return this.search.error; }

  get finished() { return this.search.steps >= this.steps; }

  draw() {
    const [z] = this.moreNoise(), made = new Search(this.G, this.x, this.visible, z);
    if (made.error < this.error) this.search = made;
    this.drawn += 1;
  }

  step() {
    if (this.finished) return;
    if (this.drawn < this.draws) return this.draw();
    if (!this.search.steps) this.errors.push(this.error);
    this.errors.push(this.search.step());
  }

  // Another part is visible now: the z stays.
  see(visible) {
    this.visible = this.search.visible = visible;
    this.search.look();
  }
}

export function occluder(place, data, networks) {
  const G = networks.faces, [size, , channels] = G.shape, scale = 8, side = size * scale;
  const box = { ...data.box };
  const bytes = Uint8Array.from(atob(data.pixels), (sign) => sign.charCodeAt(0));
  const faces = bytes.length / (size * size * channels);
  const moreNoise = noiseSource(G.zDim, 2);
  const made = () => picture({ width: side + 2 * FRAME, height: side + 2 * FRAME + 32, alt: "" });
  const [covered, fake, filled] = [made(), made(), made()];
  const curve = picture({ width: 300, height: side + 2 * FRAME + 32, alt: "" });
  const chart = new Chart(curve, { left: 84, top: 16, width: 200, height: 216,
                                   x: [0, data.steps], y: [-2.5, 0] });
  const told = element("p", { class: "page-row", role: "status" });
  let face = 0, truth = false, x, filling;

  const visible = () => besideTheBox(box, size);
  const start = (z = moreNoise()[0]) => {
    filling = new Filling(G, x, visible(), z, moreNoise, data);
  };
  const begin = (z) => {
    play.stop();
    x = Float32Array.from(bytes.subarray(face * size * size * channels,
      (face + 1) * size * size * channels), (value) => value / 127.5 - 1);
    start(z);
    draw();
  };
  const inside = (kept, other) => kept.map((value, i) => (
    filling.visible[Math.floor(i / channels)] ? value : other ? other[i] : 0));
  const outline = (canvas) => {
    const { pen } = canvas, place = [FRAME + box.left * scale, FRAME + box.top * scale,
                                     box.width * scale, box.height * scale];
    for (const [colour, dash] of [["#FFFFFF", []], ["#222222", [10, 6]]]) {
      Object.assign(pen, { strokeStyle: colour, lineWidth: 3 });
      pen.setLineDash(dash);
      pen.strokeRect(...place);
    }
    pen.setLineDash([]);
  };
  const drawCurve = () => {
    wipe(curve);
    chart.axes({ xTicks: [0, data.steps / 2, data.steps], yTicks: [], xName: "step", yName: "" });
    for (const [error, level] of [["1", 0], ["0.1", -1], ["0.01", -2]]) {
      chart.words(error, chart.left - 12, chart.y(level), { align: "right" });
      chart.rule([[chart.left - 6, chart.y(level)], [chart.left, chart.y(level)]]);
    }
    chart.words("visible error", chart.left + 8, 16);
    const errors = filling.errors.length ? filling.errors : [filling.error];
    const points = errors.map((error, step) => [step, Math.log10(error)]);
    chart.inside(() => {
      chart.line(points, { colour: COLOURS.neutral });
      chart.mark(...points.at(-1), { colour: COLOURS.neutral });
    });
  };
  const draw = () => {
    const hole = `${box.width} by ${box.height} pixels, ${box.left} from the left, `
      + `${box.top} from the top`;
    paintFramed(covered, truth ? x : inside(x), G.shape, {
      side, kind: "real", words: truth ? "real: the truth" : "real, covered" });
    paintFramed(fake, filling.search.fake, G.shape, { side, words: "G(z), fake" });
    paintFramed(filled, inside(x, filling.search.fake), G.shape, { side, words: "filled" });
    [covered, filled].forEach(outline);
    drawCurve();
    const error = filling.error.toFixed(3), steps = filling.search.steps;
    covered.say(`Real face ${face + 1} of ${faces}${truth ? ", not covered" : ""}; the box: `
                + `${hole}.`);
    fake.say(`The fake of the z that was found, after ${steps} steps: visible error ${error}.`);
    filled.say(`The real face with the box filled from the fake. In the box, the mean squared `
      + `difference from the truth is ${hiddenError().toFixed(3)}.`);
    curve.say(`The visible error over ${steps} steps; now ${error}.`);
    told.textContent = `z drawn: ${filling.drawn} of ${data.draws}, the best is kept. `
      + `Steps: ${steps} of ${data.steps}. Visible error: ${error}`;
  };
  const hiddenError = () => visibleError(filling.search.fake, x,
                                         filling.visible.map((seen) => !seen));
  const move = () => {
    Object.assign(box, { left: left.value, top: top.value,
                         width: width.value, height: height.value });
    filling.see(visible());
    draw();
  };
  const play = player("Fill", () => {
    if (filling.finished) start();
    const until = performance.now() + (OCCLUDER_CALM.matches ? 400 : 12);
    do filling.step(); while (performance.now() < until && !filling.finished);
    draw();
    return !filling.finished;
  });
  const sides = (name, value, lowest) => slider({
    name, min: lowest, max: size - 4, step: 1, value, change: move });
  const left = sides("Left", box.left, 0), top = sides("Top", box.top, 0);
  const width = sides("Width", box.width, 4), height = sides("Height", box.height, 4);
  hold(covered, (across, down) => { // the box's middle follows
    const place = (share, whole, length) => Math.round(
      Math.min(Math.max((share * whole - FRAME) / scale - length / 2, 0), size - length));
    left.set(place(across, side + 2 * FRAME, box.width));
    top.set(place(down, side + 2 * FRAME + 32, box.height));
    move();
  });
  const truthButton = button("Show the truth", () => {
    truth = !truth;
    truthButton.setAttribute("aria-pressed", truth);
    draw();
  });
  truthButton.setAttribute("aria-pressed", false);
  begin(Float32Array.from(data.z));
  fillPlace(place,
    element("div", { class: "page-four" }, covered, fake, filled, curve), told,
    row(play, button("New start", () => begin()), button("Next face", () => {
      face = (face + 1) % faces;
      begin();
    }), truthButton), row(left, width), row(top, height));
}
