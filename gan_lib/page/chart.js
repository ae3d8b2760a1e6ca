// Axes on a `picture` (parts.js): lines, points and words at places given in the axes' numbers.
import { COLOURS } from "./parts.js";

export const LETTERS = "20px system-ui, sans-serif";
const INK = "#222222";

export class Chart {
  // The axes take the box at (left, top); x and y are [lowest, highest] of each axis.
  constructor(canvas, { left = 0, top = 0, width, height, x, y }) {
    Object.assign(this, { pen: canvas.pen, left, top, width, height, xRange: x, yRange: y });
  }

  x(value) {
    const [low, high] = this.xRange;
    return this.left + (value - low) / (high - low) * this.width;
  }

  y(value) {
    const [low, high] = this.yRange;
    return this.top + this.height - (value - low) / (high - low) * this.height;
  }

  // Draw both axes, their numbers and their names.
  axes({ xTicks, yTicks, xName, yName }) {
    const { pen, left, top, width, height } = this;
    const bottom = top + height;
    this.rule([[left, top], [left, bottom], [left + width, bottom]]);
    for (const tick of xTicks) {
      this.rule([[this.x(tick), bottom], [this.x(tick), bottom + 6]]);
      this.words(signed(tick), this.x(tick), bottom + 20, { align: "center" });
    }
    for (const tick of yTicks) {
      this.rule([[left, this.y(tick)], [left - 6, this.y(tick)]]);
      this.words(signed(tick), left - 12, this.y(tick), { align: "right" });
    }
    this.words(xName, left + width / 2, bottom + 48, { align: "center" });
    pen.save();
    pen.translate(left - 64, top + height / 2);
    pen.rotate(-Math.PI / 2);
    this.words(yName, 0, 0, { align: "center" });
    pen.restore();
  }

  // What is drawn inside `draw` stays inside the axes.
  inside(draw) {
    const { pen, left, top, width, height } = this;
    pen.save();
    pen.beginPath();
    pen.rect(left, top, width, height);
    pen.clip();
    draw();
    pen.restore();
  }

  // A line through [x, y], [x, y], ...; `dash` as for a canvas: [drawn, left out, ...].
  line(points, { colour = INK, thick = 3, dash = [] } = {}) {
    this.rule(points.map(([x, y]) => [this.x(x), this.y(y)]), { colour, thick, dash });
  }

  // A mark at (x, y): "circle", "square", "diamond" or "cross".
  mark(x, y, { shape = "circle", colour = INK, size = 8 } = {}) {
    const { pen } = this, [across, down] = [this.x(x), this.y(y)];
    pen.fillStyle = colour;
    pen.beginPath();
    if (shape === "circle") pen.arc(across, down, size, 0, 2 * Math.PI);
    if (shape === "square") pen.rect(across - size, down - size, 2 * size, 2 * size);
    if (shape === "diamond") {
      const far = 1.3 * size;
      for (const [i, j] of [[far, 0], [0, far], [-far, 0], [0, -far]]) {
        pen.lineTo(across + i, down + j);
      }
    }
    pen.fill();
    if (shape === "cross") {
      this.rule([[across - size, down], [across + size, down]], { colour });
      this.rule([[across, down - size], [across, down + size]], { colour });
    }
  }

  // Words at a place of the canvas, in its pixels.
  words(text, left, middle, { align = "left", colour = INK, font = LETTERS } = {}) {
    Object.assign(this.pen, { font, fillStyle: colour, textAlign: align, textBaseline: "middle" });
    this.pen.fillText(text, left, middle);
  }

  // A line through places of the canvas, in its pixels.
  rule(places, { colour = COLOURS.neutral, thick = 1.5, dash = [] } = {}) {
    const { pen } = this;
    Object.assign(pen, { strokeStyle: colour, lineWidth: thick, lineJoin: "round" });
    pen.setLineDash(dash);
    pen.beginPath();
    for (const [left, top] of places) pen.lineTo(left, top);
    pen.stroke();
    pen.setLineDash([]);
  }
}

// A number for people: with a real minus sign.
export function signed(number, decimals = null) {
  const text = decimals === null ? String(number) : number.toFixed(decimals);
  return text.replace("-", "\u2212");
}

// Wipe a whole `picture`, white.
export function wipe({ pen, width, height }) {
  pen.fillStyle = "#FFFFFF";
  pen.fillRect(0, 0, width, height);
}

// Stripes for the fill of an area, so that it is known without its colour.
export function stripes(pen, colour) {
  const tile = document.createElement("canvas");
  Object.assign(tile, { width: 12, height: 12 });
  const small = tile.getContext("2d");
  small.fillStyle = "#FFFFFF";
  small.fillRect(0, 0, 12, 12);
  Object.assign(small, { strokeStyle: colour, lineWidth: 5 });
  for (const shift of [-12, 0, 12]) {
    small.beginPath();
    small.moveTo(shift, 12);
    small.lineTo(shift + 12, 0);
    small.stroke();
  }
  return pen.createPattern(tile, "repeat");
}
