// The arena's picture (gan_lib/widgets/arena.py): the kernel plays and says how things are, this
// draws it. One picture is asked for at a time, so that a slow page never falls behind.

import { Chart, wipe } from "./chart.js";
import { COLOURS, picture } from "./parts.js";

const SIDE = 560, WIDE = 1060, LIMIT = 2.6; // pixels of the plane and of the picture; both axes
const ALIVE_ARENA = "gan-tool-alive"; // a class of the tool's box: the kernel's picture is hidden
const CURVES = { D: "loss of D", G: "loss of G" };

class ArenaView {
  constructor(model, place) {
    Object.assign(this, { model, place });
    this.canvas = picture({ width: WIDE, height: SIDE, alt: "" });
    this.canvas.classList.add("gan-tool-live");
    this.plane = new Chart(this.canvas, { width: SIDE, height: SIDE, x: [-LIMIT, LIMIT],
      y: [-LIMIT, LIMIT] });
    this.small = document.createElement("canvas"); // D's field, a pixel for each place
    this.hear = (said, buffers) => this.draw(said, buffers.map(numbers));
    model.on("msg:custom", this.hear);
    place.append(this.canvas);
    this.send("picture");
  }

  end() {
    this.model.off("msg:custom", this.hear);
    this.place.closest(".gan-tool")?.classList.remove(ALIVE_ARENA);
  }

  send(wanted) { this.model.send({ wants: wanted }); }

  draw(said, [real, fake, field, warp, pushes, loss_D, loss_G]) {
    const { canvas, plane } = this;
    this.place.closest(".gan-tool")?.classList.add(ALIVE_ARENA);
    wipe(canvas);
    plane.inside(() => {
      if (field.length) this.field(field);
      if (warp.length) this.warp(warp);
      this.points(real, { shape: "circle", colour: COLOURS.real, size: 3 });
      this.points(fake, { shape: "square", colour: COLOURS.fake, size: 3 });
      if (pushes.length) this.pushes(fake, pushes);
    });
    plane.rule([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE], [0, 0]]);
    said.lines.forEach((line, i) => plane.words(line, SIDE + 30, 24 + 30 * i));
    this.curves({ D: loss_D, G: loss_G }, 24 + 30 * said.lines.length);
    canvas.say(said.alt);
    requestAnimationFrame(() => this.send("seen"));
  }

  points(places, look) {
    for (let i = 0; i < places.length; i += 2) this.plane.mark(places[i], places[i + 1], look);
  }

  // D's probability of "real" at each place, row by row from the bottom: white 0, purple 1.
  field(values) {
    const side = Math.sqrt(values.length), pen = this.small.getContext("2d");
    Object.assign(this.small, { width: side, height: side });
    const image = pen.createImageData(side, side);
    values.forEach((value, i) => {
      const row = side - 1 - Math.floor(i / side), place = 4 * (row * side + i % side);
      image.data.set([170, 68, 153, 150 * value], place);
    });
    pen.putImageData(image, 0, 0);
    const { pen: large } = this.canvas;
    large.imageSmoothingEnabled = true;
    large.drawImage(this.small, 0, 0, SIDE, SIDE);
  }

  // Where G puts a square grid of noise: its lines.
  warp(places) {
    const side = Math.sqrt(places.length / 2);
    const at = (row, column) => [...places.subarray(2 * (row * side + column)).subarray(0, 2)];
    const all = Array.from({ length: side }, (_, i) => i);
    for (const i of all) {
      for (const line of [all.map(j => at(i, j)), all.map(j => at(j, i))]) {
        this.plane.line(line, { colour: COLOURS.G, thick: 1 });
      }
    }
  }

  // From each fake the way in which G is pushed: longer where the push is stronger, up to 0.35.
  pushes(fake, pushes) {
    for (let i = 0; i < fake.length; i += 2) {
      const length = Math.hypot(pushes[i], pushes[i + 1]);
      const scale = 0.35 * Math.tanh(length) / (length || 1);
      const end = [fake[i] + scale * pushes[i], fake[i + 1] + scale * pushes[i + 1]];
      this.plane.line([[fake[i], fake[i + 1]], end], { colour: COLOURS.G, thick: 2 });
    }
  }

  curves(losses, top) {
    const all = [...losses.D, ...losses.G];
    const range = all.length ? [Math.min(0, ...all), Math.max(2, ...all)] : [0, 2];
    const chart = new Chart(this.canvas, { left: SIDE + 90, top: top + 40, height: SIDE - top - 100,
      width: WIDE - SIDE - 110, x: [0, Math.max(losses.D.length - 1, 1)], y: range });
    chart.axes({ xTicks: [], yTicks: range.map(Math.round), xName: "the last turns",
      yName: "loss" });
    for (const [name, dash] of [["D", []], ["G", [8, 6]]]) {
      chart.inside(() => chart.line([...losses[name]].map((value, i) => [i, value]),
        { colour: COLOURS[name], thick: 2, dash }));
    }
    Object.entries(CURVES).forEach(([name, words], i) => chart.words(
      words, SIDE + 100 + 160 * i, top + 16, { colour: COLOURS[name] }));
  }
}

// The numbers of a buffer from the kernel: float32.
function numbers(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

function render({ model, el }) {
  const view = new ArenaView(model, el);
  return () => view.end();
}

export default { render };
