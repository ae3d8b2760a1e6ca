// A sheet of paper on which mouse, pen and finger draw (gan_lib/widgets/drawing_pad.py).
//
// The kernel keeps the drawing. A stroke goes to it when the pen is lifted; until it answers, the
// stroke is shown from here.

import { element } from "./parts.js";

const SIDE = 512; // pixels of the sheet
const MOST_POINTS = 1000; // of one stroke: a longer one goes on as the next
const SHORTEST = 0.004; // a way, in sheets: a hand that rests makes no points

class Sheet {
  constructor(model, place) {
    Object.assign(this, { model, sent: model.get("ink").heard, waiting: [], stroke: null });
    this.canvas = element("canvas", { class: "gan-pad", role: "img", width: SIDE, height: SIDE,
      style: "width: 330px; max-width: 100%; border: 2px solid #444444; border-radius: 8px; " +
             "background: white; cursor: crosshair; touch-action: none" });
    this.pen = this.canvas.getContext("2d");
    this.canvas.onpointerdown = event => this.begin(event);
    this.canvas.onpointermove = event => this.go(event);
    this.canvas.onpointerup = this.canvas.onpointercancel = event => this.lift(event);
    this.hear = () => this.draw();
    model.on("change:ink", this.hear);
    place.append(this.canvas);
    this.draw();
  }

  end() { this.model.off("change:ink", this.hear); }

  // --- the hand ----------------------------------------------------------------------------------

  begin(event) {
    if (this.stroke || event.button !== 0) return; // a second finger does not draw
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.hand = event.pointerId;
    this.stroke = [this.place(event)];
    this.draw();
  }

  go(event) {
    if (!this.stroke || event.pointerId !== this.hand) return;
    const here = this.place(event), last = this.stroke.at(-1);
    if (Math.hypot(here[0] - last[0], here[1] - last[1]) < SHORTEST) return;
    this.stroke.push(here);
    if (this.stroke.length === MOST_POINTS) {
      this.send();
      this.stroke = [here];
    }
    this.draw();
  }

  lift(event) {
    if (!this.stroke || event.pointerId !== this.hand) return;
    this.send();
    this.stroke = null;
    this.draw();
  }

  send() {
    this.sent += 1;
    this.waiting.push({ number: this.sent, stroke: this.stroke });
    this.model.send({ stroke: this.stroke, number: this.sent });
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect(), edge = this.canvas.clientLeft;
    const within = (at, size) => Math.min(1, Math.max(0, Math.round(1000 * at / size) / 1000));
    return [within(event.clientX - box.left - edge, this.canvas.clientWidth),
            within(event.clientY - box.top - edge, this.canvas.clientHeight)];
  }

  // --- what is seen ------------------------------------------------------------------------------

  draw() {
    const { strokes, heard, pen: width, words } = this.model.get("ink");
    this.waiting = this.waiting.filter(({ number }) => number > heard);
    this.pen.clearRect(0, 0, SIDE, SIDE);
    Object.assign(this.pen, { lineWidth: width * SIDE, lineCap: "round", lineJoin: "round" });
    for (const stroke of [...strokes, ...this.waiting.map(one => one.stroke), this.stroke ?? []]) {
      this.pen.beginPath();
      stroke.forEach(([x, y], i) => this.pen[i ? "lineTo" : "moveTo"](x * SIDE, y * SIDE));
      if (stroke.length === 1) this.pen.lineTo(stroke[0][0] * SIDE, stroke[0][1] * SIDE);
      this.pen.stroke();
    }
    this.canvas.setAttribute("aria-label", words);
  }
}

function render({ model, el }) {
  const sheet = new Sheet(model, el);
  return () => sheet.end();
}

export default { render };
