// One face on a walk through the noise, seen with 8, 16, 32 and 64 pixels.
import { element } from "../../gan_lib/page/parts.js";
import { differenceOf, framedPicture, paintFramed } from "./framed.js";
import { onTheWalk, walkControls } from "./walking.js";

// The mean of each 2 x 2 pixels: a picture half as wide and high, with its shape.
export function halved(pixels, [height, width, channels]) {
  const shape = [height / 2, width / 2, channels], small = new Float32Array(pixels.length / 4);
  for (let row = 0; row < height; row++) {
    for (let i = 0; i < width * channels; i++) {
      const column = Math.floor(i / channels / 2), channel = i % channels;
      small[(Math.floor(row / 2) * shape[1] + column) * channels + channel]
        += pixels[row * width * channels + i] / 4;
    }
  }
  return [small, shape];
}

export function growing(place, { stops, steps, sizes }, networks) {
  const G = networks.faces64, side = 256, frames = stops.length * steps;
  const words = sizes.map((size) => `${size} × ${size} pixels`);
  const pictures = words.map((text) => framedPicture(side, text));
  let first;
  const show = (frame) => {
    let pixels = G.forward(onTheWalk(stops, steps, frame)), shape = G.shape;
    first ??= pixels;
    const moved = differenceOf(pixels, first).toFixed(2);
    for (let i = sizes.length - 1; i >= 0; i--) { // the largest is G's own
      while (shape[0] > sizes[i]) [pixels, shape] = halved(pixels, shape);
      const { canvas } = pictures[i];
      paintFramed(canvas, pixels, shape, { side });
      canvas.say(`A fake face, ${words[i]}, in frame ${frame + 1} of ${frames} of its walk. With `
        + `${G.shape[0]} pixels it differs by ${moved} a pixel from its first frame.`);
    }
  };
  const controls = walkControls(frames, show);
  place.replaceChildren(element("div", { class: "page-four" },
    ...pictures.map(({ whole }) => whole)),
    element("p", { class: "page-row" }, `Nothing grows here: one network makes ${G.shape[0]} × `
      + `${G.shape[1]} pixels, and the smaller pictures are means of its pixels.`), controls);
}
