// A box hides a part of a real face; a search for z, in the page, fills it.
import { button, element, hold, picture, player, row, slider }
  from "../../gan_lib/page/parts.js";
import { FRAME, framedPicture, noiseSource, paintFramed } from "./framed.js";
import { Filling, besideTheBox, drawErrors, outlineBox } from "./filling.js";

export function occluder(place, data, networks) {
  const G = networks.faces, [size, , channels] = G.shape, scale = 8, side = size * scale;
  const faces = occluderFaces(data.pixels, size * size * channels);
  const moreNoise = noiseSource(G.zDim, 2);
  const pictures = ["", "G(z), fake", "filled"].map((words) => framedPicture(side, words));
  const [covered, fake, filled] = pictures.map(({ canvas }) => canvas);
  const curve = picture({ width: 300, height: side + 2 * FRAME + 26, alt: "" });
  const told = element("p", { class: "page-row" });
  let box = data.box, face = 0, truth = false, filling;

  const draw = () => {
    const shown = truth ? filling.x : filling.filledWith();
    paintFramed(covered, shown, G.shape, { side, kind: "real" });
    pictures[0].words.textContent = truth ? "real: the truth" : "real, covered";
    paintFramed(fake, filling.fake, G.shape, { side });
    paintFramed(filled, filling.filledWith(filling.fake), G.shape, { side });
    for (const canvas of [covered, filled]) outlineBox(canvas, box, scale, FRAME);
    drawErrors(curve, filling);
    tell();
  };
  const tell = () => {
    const error = filling.error.toFixed(3), { steps } = filling.search;
    covered.say(`Real face ${face + 1} of ${faces.length}${truth ? ", not covered" : ""}; the box: `
      + `${box.width} by ${box.height} pixels, ${box.left} from the left, `
      + `${box.top} from the top.`);
    fake.say(`The fake of the z that was found, after ${steps} steps: visible error ${error}.`);
    filled.say(`The real face with the box filled from the fake. In the box, the mean squared `
      + `difference from the truth is ${filling.hiddenError.toFixed(3)}.`);
    curve.say(`The visible error over ${steps} steps; now ${error}.`);
    told.textContent = `z drawn: ${filling.drawn} of ${data.draws}, the best is kept. `
      + `Steps: ${steps} of ${data.steps}. Visible error: ${error}`;
  };
  const start = (z = moreNoise()[0]) => {
    filling = new Filling(G, faces[face], besideTheBox(box, size), z, moreNoise, data);
  };
  const begin = () => {
    play.stop();
    start();
    draw();
  };
  const move = () => {
    box = { left: Math.min(left.value, size - width.value), width: width.value,
            top: Math.min(top.value, size - height.value), height: height.value };
    left.set(box.left);
    top.set(box.top);
    filling.see(besideTheBox(box, size));
    draw();
  };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const play = player("Fill", () => {
    if (filling.finished) start();
    const until = performance.now() + (calm.matches ? 400 : 12); // milliseconds in each frame
    do filling.step(); while (performance.now() < until && !filling.finished);
    draw();
    return !filling.finished;
  });
  const sides = (name, value, min) => slider({ name, min, max: size - 4, step: 1, value,
                                               change: move });
  const left = sides("Left", box.left, 0), top = sides("Top", box.top, 0);
  const width = sides("Width", box.width, 4), height = sides("Height", box.height, 4);
  hold(covered, (across, down) => { // the middle of the box follows
    const at = (share, length) => Math.max(0, Math.round(
      (share * (side + 2 * FRAME) - FRAME) / scale - length / 2));
    left.set(at(across, box.width));
    top.set(at(down, box.height));
    move();
  });
  const truthButton = button("Show the truth", () => {
    truth = !truth;
    truthButton.setAttribute("aria-pressed", truth);
    draw();
  });
  truthButton.setAttribute("aria-pressed", false);
  start(Float32Array.from(data.z));
  draw();
  const nextFace = () => {
    face = (face + 1) % faces.length;
    begin();
  };
  place.replaceChildren(
    element("div", { class: "page-four" }, ...pictures.map(({ whole }) => whole), curve), told,
    row(play, button("New start", begin), button("Next face", nextFace), truthButton),
    row(left, width), row(top, height));
}

// The pictures in a text: uint8 in base64, one after the other, each of `length` numbers.
function occluderFaces(pixels, length) {
  const bytes = Uint8Array.from(atob(pixels), (sign) => sign.charCodeAt(0));
  return Array.from({ length: bytes.length / length }, (_, i) => Float32Array.from(
    bytes.subarray(i * length, (i + 1) * length), (value) => value / 127.5 - 1));
}
