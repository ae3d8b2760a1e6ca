// The arena's picture (gan_lib/widgets/arena.py): the kernel plays and says how things are, this
// draws it. One picture is asked for at a time, so that a slow page never falls behind.

import { Chart, wipe } from "./chart.js";
import { COLOURS, picture } from "./parts.js";

const SIDE = 520, WIDE = 1010, LIMIT = 2.6; // pixels of the plane and of the picture; both axes
const FROZEN = "#767676"; // a frozen network
const CLOSEST = 0.05; // between two places of a stroke, in the plane's numbers
const LONGEST = 400; // places of a stroke
const OWN = { "draw z": "", G: "G", D: "D" }; // the network that a part of a half-step belongs to
const ALIVE_ARENA = "gan-tool-alive"; // a class of the tool's box: the kernel's picture is hidden
const CURVES = { D: "loss of D", G: "loss of G" };

class ArenaView {
  constructor(model, place) {
    Object.assign(this, { model, place });
    this.canvas = picture({ width: WIDE, height: SIDE, alt: "" });
    this.canvas.classList.add("gan-tool-live");
    Object.assign(this.canvas.style, { maxWidth: "100%" });
    this.plane = new Chart(this.canvas, { width: SIDE, height: SIDE, x: [-LIMIT, LIMIT],
      y: [-LIMIT, LIMIT] });
    this.small = document.createElement("canvas"); // D's field, a pixel for each place
    this.hear = (said, buffers) => this.draw(said, buffers.map(numbers));
    model.on("msg:custom", this.hear);
    place.append(this.canvas);
    this.stroke = null;
    this.drawing = false;
    this.canvas.onpointerdown = event => this.begin(event);
    this.canvas.onpointermove = event => this.go(event);
    this.canvas.onpointerup = this.canvas.onpointercancel = () => this.lift();
    this.model.send({ wants: "picture" });
  }

  // The cell is closed, or run again: the game ends with its picture.
  end() {
    this.model.send({ wants: "nothing" });
    this.model.off("msg:custom", this.hear);
    this.place.closest(".gan-tool")?.classList.remove(ALIVE_ARENA);
  }

  // --- the hand: a stroke goes to the kernel, which sprays points around it --------------------

  begin(event) {
    if (!this.drawing || event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.stroke = [];
    this.go(event);
  }

  go(event) {
    if (this.stroke === null) return;
    const box = this.canvas.getBoundingClientRect(), scale = WIDE / box.width;
    const at = [event.clientX - box.left, event.clientY - box.top].map(value => value * scale);
    const place = [2 * LIMIT * at[0] / SIDE - LIMIT, LIMIT - 2 * LIMIT * at[1] / SIDE];
    const last = this.stroke.at(-1);
    if (Math.max(...place.map(Math.abs)) > LIMIT || this.stroke.length === LONGEST) return;
    if (last && Math.hypot(place[0] - last[0], place[1] - last[1]) < CLOSEST) return;
    this.stroke.push(place);
    this.plane.mark(...place, { shape: "circle", colour: COLOURS.real, size: 5 });
  }

  lift() {
    if (this.stroke?.length) this.model.send({ stroke: this.stroke });
    this.stroke = null;
  }

  // --- the picture -----------------------------------------------------------------------------

  draw(said, [real, fake, field, warp, pushes, loss_D, loss_G]) {
    const { canvas, plane } = this;
    this.place.closest(".gan-tool")?.classList.add(ALIVE_ARENA);
    this.drawing = said.drawing;
    // A finger draws, or moves the page.
    Object.assign(canvas.style, { cursor: said.drawing ? "crosshair" : "default",
      touchAction: said.drawing ? "none" : "auto" });
    wipe(canvas);
    const colours = { D: COLOURS.D, G: COLOURS.G, [said.frozen]: FROZEN };
    plane.inside(() => {
      if (field.length) this.field(field, colours.D);
      if (warp.length) this.warp(warp, colours.G);
      this.points(real, { shape: "circle", colour: COLOURS.real, size: 3 });
      this.points(fake, { shape: "square", colour: COLOURS.fake, size: 3 });
      if (pushes.length) this.pushes(fake, pushes);
      this.legend(field.length, warp.length, pushes.length);
    });
    plane.rule([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE], [0, 0]]);
    said.lines.forEach((line, i) => plane.words(line, SIDE + 30, 24 + 30 * i));
    const under = 24 + 30 * said.lines.length;
    if (said.part) this.parts(said, colours, under);
    else this.curves({ D: loss_D, G: loss_G }, under);
    canvas.say(said.alt);
    requestAnimationFrame(() => this.model.send({ wants: "seen" }));
  }

  legend(field, warp, pushes) {
    const { pen } = this.canvas, middle = SIDE - 17, small = "17px system-ui, sans-serif";
    pen.fillStyle = "rgba(255, 255, 255, 0.85)";
    pen.fillRect(0, SIDE - 34, SIDE, 34);
    const words = (text, left) => this.plane.words(text, left, middle, { font: small });
    this.dot(14, middle, COLOURS.real, "arc");
    words("real", 26);
    this.dot(78, middle, COLOURS.fake, "rect");
    words("fake", 90);
    const rest = [field && "purple: D says real", warp && "grid: G", pushes && "dash: push on G"];
    words(rest.filter(Boolean).join(", "), 142);
  }

  dot(left, middle, colour, shape) {
    const { pen } = this.canvas;
    pen.fillStyle = colour;
    pen.beginPath();
    if (shape === "arc") pen.arc(left, middle, 6, 0, 2 * Math.PI);
    else pen.rect(left - 6, middle - 6, 12, 12);
    pen.fill();
  }

  points(places, look) {
    for (let i = 0; i < places.length; i += 2) this.plane.mark(places[i], places[i + 1], look);
  }

  // D's probability of "real" at each place, row by row from the bottom: white 0, purple 1.
  field(values, colour) {
    const side = Math.sqrt(values.length), pen = this.small.getContext("2d");
    Object.assign(this.small, { width: side, height: side });
    const image = pen.createImageData(side, side);
    const light = [1, 3, 5].map(i => parseInt(colour.slice(i, i + 2), 16));
    values.forEach((value, i) => {
      const row = side - 1 - Math.floor(i / side), place = 4 * (row * side + i % side);
      image.data.set([...light, 150 * value], place);
    });
    pen.putImageData(image, 0, 0);
    const { pen: large } = this.canvas;
    large.imageSmoothingEnabled = true;
    large.drawImage(this.small, 0, 0, SIDE, SIDE);
  }

  // Where G puts a square grid of noise: its lines.
  warp(places, colour) {
    const side = Math.sqrt(places.length / 2);
    const at = (row, column) => [...places.subarray(2 * (row * side + column)).subarray(0, 2)];
    const all = Array.from({ length: side }, (_, i) => i);
    for (const i of all) {
      for (const line of [all.map(j => at(i, j)), all.map(j => at(j, i))]) {
        this.plane.line(line, { colour, thick: 1 });
      }
    }
  }

  // From each fake the way in which G is pushed.
  pushes(fake, pushes) {
    for (let i = 0; i < fake.length; i += 2) {
      const end = [fake[i] + pushes[i], fake[i + 1] + pushes[i + 1]];
      this.plane.line([[fake[i], fake[i + 1]], end], { colour: COLOURS.G, thick: 2 });
    }
  }

  // The parts of a half-step, one after the other: the last one done is framed; what belongs to the
  // frozen network is grey, and said to be frozen.
  parts({ parts, part, player, frozen }, colours, top) {
    const { plane } = this, left = SIDE + 40, high = 34;
    plane.words(`slow motion of ${player}; ${frozen} is frozen`, SIDE + 30, top);
    parts.forEach((name, i) => {
      const middle = top + 38 + high * i, own = OWN[name] ?? player;
      const words = name + (own === frozen ? " (frozen)" : "");
      plane.words(`${i + 1}. ${words}`, left, middle, { colour: colours[own] });
      if (name !== part) return;
      const [right, up, down] = [left + 230, middle - 15, middle + 15];
      plane.rule([[left - 8, up], [right, up], [right, down], [left - 8, down], [left - 8, up]],
        { thick: 3 });
    });
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
