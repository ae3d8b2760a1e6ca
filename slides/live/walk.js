// Four faces on a walk through the noise.
import { element } from "../../gan_lib/page/parts.js";
import { differenceOf, framedPicture, paintFramed } from "./framed.js";
import { onTheWalk, walkControls } from "./walking.js";

export function walk(place, { walks, steps }, networks) {
  const G = networks.faces64, side = 256, frames = walks[0].length * steps, first = [];
  const canvases = walks.map(() => framedPicture(side).canvas);
  const show = (frame) => walks.forEach((stops, i) => {
    const pixels = G.forward(onTheWalk(stops, steps, frame));
    first[i] ??= pixels;
    paintFramed(canvases[i], pixels, G.shape, { side });
    canvases[i].say(`Face ${i + 1}, a fake, in frame ${frame + 1} of ${frames} of its walk. It `
      + `differs by ${differenceOf(pixels, first[i]).toFixed(2)} a pixel from its first frame.`);
  });
  const controls = walkControls(frames, show);
  place.replaceChildren(element("div", { class: "page-four" }, ...canvases), controls);
}
