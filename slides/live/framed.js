// Pictures in frames, as several live slides show them, and the noise that makes fakes.
import { COLOURS, element, paint, picture } from "../../gan_lib/page/parts.js";
import { noise, randomNumbers } from "../../gan_lib/page/networks.js";

export const FRAME = 5; // pixels

// Paint one picture into a canvas, `side` pixels wide, the corner of its frame at (x, y). The frame
// tells fake from real by its colour; what stands beside it says so in words.
export function paintFramed(canvas, pixels, shape, { side, kind = "fake", x = 0, y = 0 }) {
  const whole = side + 2 * FRAME;
  canvas.pen.fillStyle = COLOURS[kind];
  canvas.pen.fillRect(x, y, whole, whole);
  paint(canvas, pixels, shape, side / shape[1], x + FRAME, y + FRAME);
}

// A canvas for one framed picture, with words below: {canvas, words, whole}.
export function framedPicture(side, text = "") {
  const canvas = picture({ width: side + 2 * FRAME, height: side + 2 * FRAME, alt: "" });
  const words = element("div", { class: "page-words" }, text);
  return { canvas, words, whole: element("div", {}, canvas, words) };
}

// A source of noise vectors that begins anew with its seed: call it for the next `count` of them.
export function noiseSource(zDim, seed) {
  const random = randomNumbers(seed);
  return (count = 1) => Array.from({ length: count }, () => noise(zDim, random));
}

// How much two pictures differ, on average over their numbers.
export function differenceOf(pixels, others) {
  return pixels.reduce((sum, value, i) => sum + Math.abs(value - others[i]), 0) / pixels.length;
}

// Elements one below the other, `width` pixels wide, or as wide as a phone is.
export function column(width, ...parts) {
  return element("div", { style: `width: ${width}px; max-width: 100%; display: grid; gap: 4px; `
                                 + "justify-items: center" }, ...parts);
}
