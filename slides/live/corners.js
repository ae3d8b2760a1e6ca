// A point between four corners: each of its places is another fake.
import { COLOURS, button, hold, picture, row, slider } from "../../gan_lib/page/parts.js";
import { slerp } from "../../gan_lib/page/networks.js";
import { wipe } from "../../gan_lib/page/chart.js";
import { FRAME, framedPicture, noiseSource, paintFramed } from "./framed.js";

// The noise at a point: `corners` are top left, top right, bottom left, bottom right.
export function betweenCorners(corners, right, down) {
  return slerp(slerp(corners[0], corners[2], down), slerp(corners[1], corners[3], down), right);
}

export function corners(place, data, networks) {
  const G = networks.faces64, size = 420, side = 128, whole = side + 2 * FRAME, large = 384;
  const inset = whole / 2, way = size - whole; // the point goes from middle to middle
  const field = picture({ width: size, height: size, alt: "" });
  const { canvas } = framedPicture(large);
  const moreNoise = noiseSource(G.zDim, 4);
  let ends, pictures;

  const drawField = (x, y) => {
    const { pen } = field;
    wipe(field);
    Object.assign(pen, { strokeStyle: COLOURS.faint, lineWidth: 3 });
    pen.strokeRect(inset, inset, way, way);
    pictures.forEach((pixels, i) => paintFramed(field, pixels, G.shape, {
      side, x: i % 2 * way, y: Math.floor(i / 2) * way }));
    pen.beginPath();
    pen.arc(inset + x * way, inset + y * way, 13, 0, 2 * Math.PI);
    Object.assign(pen, { fillStyle: "#FFFFFF", strokeStyle: "#222222", lineWidth: 5 });
    pen.fill();
    pen.stroke();
  };
  const draw = () => {
    const x = right.value, y = down.value;
    drawField(x, y);
    paintFramed(canvas, G.forward(betweenCorners(ends, x, y)), G.shape, { side: large });
    const percent = (share) => `${Math.round(100 * share)} %`;
    const where = `${percent(x)} of the way to the right and ${percent(y)} of the way down`;
    field.say(`Four fake faces in the corners, and a point between them: ${where}.`);
    canvas.say(`The fake face of the point, ${where}.`);
  };
  const begin = (noise) => {
    ends = noise;
    pictures = ends.map((z) => G.forward(z));
    draw();
  };
  const way01 = { min: 0, max: 1, step: 0.01, value: 0.5, change: draw };
  const right = slider({ name: "To the right", ...way01 });
  const down = slider({ name: "Down", ...way01 });
  hold(field, (x, y) => {
    const inside = (share) => Math.min(Math.max((share * size - inset) / way, 0), 1);
    right.set(inside(x));
    down.set(inside(y));
    draw();
  });
  begin(data.corners.map((z) => Float32Array.from(z)));
  place.replaceChildren(row(field, canvas), row(right, down,
    button("New corners", () => begin(moreNoise(4)))));
}
