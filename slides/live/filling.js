// A search for the noise that fills a hole, as the slide `occluder` shows it.
import { COLOURS } from "../../gan_lib/page/parts.js";
import { Chart, wipe } from "../../gan_lib/page/chart.js";
import { Search, visibleError } from "../../gan_lib/page/search.js";

// True for each pixel beside the box.
export function besideTheBox({ left, top, width, height }, size) {
  return Array.from({ length: size * size }, (_, i) => {
    const column = i % size - left, row = Math.floor(i / size) - top;
    return column < 0 || column >= width || row < 0 || row >= height;
  });
}

// First it draws many z and keeps the best, then it steps down from there.
export class Filling {
  // `x`: the face; `visible`: for each of its pixels; `z`: the first; `moreNoise()`: [another].
  constructor(G, x, visible, z, moreNoise, { draws, steps }) {
    Object.assign(this, { G, x, visible, moreNoise, draws, steps, drawn: 1, errors: [] });
    this.search = new Search(G, x, visible, z);
  }

  get fake() { return this.search.fake; }

  get error() { return this.search.error; }

  get hiddenError() {
    return visibleError(this.fake, this.x, this.visible.map((seen) => !seen));
  }

  get finished() { return this.search.steps >= this.steps; }

  step() {
    if (this.finished) return;
    if (this.drawn < this.draws) return this.draw();
    if (!this.search.steps) this.errors.push(this.error);
    this.errors.push(this.search.step());
  }

  draw() {
    const [z] = this.moreNoise(), made = new Search(this.G, this.x, this.visible, z);
    if (made.error < this.error) this.search = made;
    this.drawn += 1;
  }

  // Another part is visible now: the z stays.
  see(visible) {
    this.visible = this.search.visible = visible;
    this.search.look();
  }

  // The face where it is visible, and in the hole `other`, or grey.
  filledWith(other = null) {
    const channels = this.x.length / this.visible.length;
    return this.x.map((value, i) => (
      this.visible[Math.floor(i / channels)] ? value : other ? other[i] : 0));
  }
}

// The box as a line in two colours: it is seen on any face.
export function outlineBox({ pen }, { left, top, width, height }, scale, frame) {
  for (const [colour, dash] of [["#FFFFFF", []], ["#222222", [10, 6]]]) {
    Object.assign(pen, { strokeStyle: colour, lineWidth: 3 });
    pen.setLineDash(dash);
    pen.strokeRect(frame + left * scale, frame + top * scale, width * scale, height * scale);
  }
  pen.setLineDash([]);
}

// The visible error step by step, on a logarithmic axis from 1 down to 0.003.
export function drawErrors(canvas, { errors, error, steps }) {
  const chart = new Chart(canvas, { left: 84, top: 16, width: 200, height: 216, x: [0, steps],
                                    y: [-2.5, 0] });
  wipe(canvas);
  chart.axes({ xTicks: [0, steps / 2, steps], yTicks: [], xName: "step", yName: "" });
  for (const [words, level] of [["1", 0], ["0.1", -1], ["0.01", -2]]) {
    chart.words(words, chart.left - 12, chart.y(level), { align: "right" });
    chart.rule([[chart.left - 6, chart.y(level)], [chart.left, chart.y(level)]]);
  }
  chart.words("visible error", chart.left + 8, 16);
  const points = (errors.length ? errors : [error]).map(
    (value, step) => [step, Math.log10(Math.min(Math.max(value, 0.003), 1))]);
  chart.line(points, { colour: COLOURS.neutral });
  chart.mark(...points.at(-1), { colour: COLOURS.neutral });
}
