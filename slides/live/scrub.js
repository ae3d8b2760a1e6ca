// Sliders that move noise: what `scrub_digits` and `scrub_faces` share.
import { COLOURS, button, element, picture, row, slider } from "../../gan_lib/page/parts.js";
import { signed, wipe } from "../../gan_lib/page/chart.js";
import { column, differenceOf, framedPicture, noiseSource, paintFramed }
  from "./framed.js";

// z + sum of each amount times its direction.
export function movedNoise(z, directions, amounts) {
  return z.map((number, i) => directions.reduce(
    (sum, direction, k) => sum + amounts[k] * direction[i], number));
}

// One slider for each of `directions`. `stand(z)` returns where the sliders stand for a new z;
// `note` are words below.
export function scrub(place, { G, z, directions, names, stand, what, note = "" }) {
  const side = 448, limit = 3, [height, width] = G.shape;
  const { canvas } = framedPicture(side);
  const bars = picture({ width: 560, height: 100, alt: "" });
  const moreNoise = noiseSource(G.zDim, 1);
  let base, first; // z without what the sliders add; the picture of the new z

  const draw = () => {
    const amounts = sliders.map(({ value }) => value);
    const now = movedNoise(base, directions, amounts), pixels = G.forward(now);
    first ??= pixels;
    paintFramed(canvas, pixels, G.shape, { side });
    canvas.say(`${what}, a fake of ${height} by ${width} pixels. `
      + `${names.map((name, k) => `${name} ${signed(amounts[k], 2)}`).join(", ")}. It differs by `
      + `${differenceOf(pixels, first).toFixed(2)} a pixel from the picture of the new z.`);
    scrubBars(bars, now);
  };
  const begin = (noise) => {
    const amounts = stand(noise);
    base = movedNoise(noise, directions, amounts.map((amount) => -amount));
    first = null;
    sliders.forEach((control, k) => control.set(amounts[k]));
    draw();
  };
  const sliders = names.map((name) => slider({
    name, min: -limit, max: limit, step: 0.01, value: 0, change: draw }));
  begin(Float32Array.from(z));
  const controls = element("div", { style: "display: grid; justify-items: end" }, ...sliders);
  place.replaceChildren(row(canvas, column(580,
    element("div", { class: "page-words" }, `z: ${G.zDim} numbers`), bars, controls,
    button("New z", () => begin(moreNoise()[0])), element("div", { class: "page-words" }, note))));
}

// The numbers of z as bars, up from the middle line where positive, down where negative.
function scrubBars(canvas, z) {
  const { pen } = canvas, width = 560, middle = 50, unit = 16, step = width / z.length;
  wipe(canvas);
  pen.fillStyle = COLOURS.neutral;
  z.forEach((number, i) => pen.fillRect(i * step + step / 6, middle, step * 2 / 3, -unit * number));
  pen.fillRect(0, middle - 0.75, width, 1.5);
  canvas.say(`The ${z.length} numbers of z as bars, from ${signed(Math.min(...z), 2)} `
             + `to ${signed(Math.max(...z), 2)}.`);
}
