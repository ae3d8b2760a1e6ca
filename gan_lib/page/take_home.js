// The page of a generator that is carried home: its noise vector z under sliders, a walk from one z
// to another, and samples to choose from. gan_lib/page/take_home.py writes the file around it.

import { network, noise, randomNumbers, slerp } from "./networks.js";
import { COLOURS, button, element, paint, picture, player, row, slider } from "./parts.js";

const FIRST = 6; // so many numbers of z have a slider at once
const LIMIT = 4; // no standard normal number that one meets lies further from 0
const WAY = 2500; // milliseconds from one stop of the walk to the next
const SIDE = 384; // pixels of the page for the large picture: a multiple of 16, 32 and 64
const SMALL = 128; // and for a sample
const POINTS = 500; // fakes in a cloud of points

// `place` is the element to fill; the others are as take_home.py writes them into the file.
export function takeHome(place, { packed, samples, limit }) {
  const G = network(packed), random = randomNumbers(Date.now());
  const z = Float32Array.from(samples[0]);
  const seen = G.shape.length === 1 ? cloud(G, limit, wanted => choose(wanted)) : screen(G);
  const sliders = Array.from(z, (value, i) => slider({
    name: `z[${i}]`, min: -LIMIT, max: LIMIT, step: 0.01, value,
    change: moved => {
      walk.stop();
      z[i] = moved;
      seen.show(z);
    },
  }));
  const go = wanted => { // everything that is seen follows
    z.set(wanted);
    sliders.forEach((one, i) => one.set(z[i]));
    seen.show(z);
  };
  const choose = wanted => {
    walk.stop();
    go(wanted);
    seen.element.scrollIntoView({ block: "nearest" }); // on a phone it may be out of sight
  };
  const walk = walker(() => z, () => noise(G.zDim, random), go);
  place.append(
    element("div", { class: "stage" }, element("div", { class: "seen" }, seen.element),
      element("div", { class: "controls" },
        row(button("New z", () => choose(noise(G.zDim, random))), walk),
        element("p", {}, "Each slider moves one number of the noise vector z."),
        ...sliders.slice(0, FIRST), unfolded(sliders))),
    ...(G.shape.length === 1 ? [] : [sampleGrid(G, samples, random, choose)]));
  seen.show(z);
}

// The sliders of the other numbers, folded away.
function unfolded(sliders) {
  const others = sliders.slice(FIRST);
  return others.length === 0 ? "" : element("details", {},
    element("summary", {}, `More numbers: z[${FIRST}] to z[${sliders.length - 1}]`), ...others);
}

// A button that walks from where z is to a new place, and from there to another one. The clock
// sets the pace, so that a slow screen is not a slow walk.
function walker(where, somewhere, go) {
  let from, to, share = 1, last = [], before = 0;
  return player("Walk", () => {
    const now = performance.now(), passed = now - before;
    before = now;
    const moved = where().some((value, i) => value !== last[i]); // by a slider, say
    if (moved || share >= 1) {
      [from, to, share] = [Float32Array.from(where()), somewhere(), 0];
    } else if (passed < 1000) { // else it stood still, and goes on from where it was
      share = Math.min(share + passed / WAY, 1);
    }
    last = slerp(from, to, share);
    go(last);
  });
}

function words(number) { return number.toFixed(2).replace("-", "\u2212"); }

function beginning(z) {
  const more = z.length > 3 ? " and so on" : "";
  return `the z that begins with ${Array.from(z.subarray(0, 3), words).join(", ")}${more}`;
}

function brightness(x) {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  return `mean brightness ${Math.round(50 * (mean + 1))} %`;
}

// --- pictures -----------------------------------------------------------------------------------

// The large picture of G(z).
function screen(G) {
  const canvas = picture({ width: SIDE, height: SIDE * G.shape[0] / G.shape[1], alt: "A fake" });
  const caption = element("figcaption", {}, "G(z), a fake");
  return {
    element: element("figure", {}, canvas, caption),
    show(z) {
      const x = G.forward(z);
      paint(canvas, x, G.shape);
      canvas.say(`A fake: what G makes of ${beginning(z)}; ${brightness(x)}.`);
    },
  };
}

// Sixteen fakes. The one that is pressed becomes the large picture.
function sampleGrid(G, samples, random, choose) {
  const grid = element("div", { class: "samples" });
  const fill = all => {
    const x = G.forward(Float32Array.from(all.flat())), length = x.length / all.length;
    grid.replaceChildren(...all.map((z, i) =>
      sample(G.shape, x.subarray(i * length, (i + 1) * length), i, () => choose(z))));
  };
  fill(samples);
  const others = () => samples.map(() => Array.from(noise(G.zDim, random)));
  return element("section", {}, element("h2", {}, "More fakes"),
    element("p", {}, "Press one: it becomes the large picture, and the sliders take hold of it."),
    grid, row(button("16 others", () => fill(others()))));
}

function sample(shape, x, place, press) {
  const canvas = picture({ width: SMALL, height: SMALL * shape[0] / shape[1],
    alt: `Fake ${place + 1}, ${brightness(x)}` });
  paint(canvas, x, shape);
  const made = button("", press);
  made.append(canvas); // its words name the button
  return made;
}

// --- points in the plane ------------------------------------------------------------------------

// A cloud of many fakes, and the one of z in a ring. A press near a fake of the cloud takes its z.
function cloud(G, limit, choose) {
  const all = noise(POINTS * G.zDim, randomNumbers(1)), fakes = G.forward(all);
  const canvas = picture({ width: SIDE, height: SIDE, alt: "Fakes, points in the plane" });
  const place = ([x, y]) => [SIDE * (x / limit + 1) / 2, SIDE * (1 - y / limit) / 2];
  const point = i => place([fakes[2 * i], fakes[2 * i + 1]]);
  canvas.addEventListener("click", event => {
    const box = canvas.getBoundingClientRect(), scale = SIDE / box.width;
    const i = nearest(point, (event.clientX - box.left) * scale, (event.clientY - box.top) * scale);
    choose(all.subarray(i * G.zDim, (i + 1) * G.zDim));
  });
  const caption = element("figcaption", {}, `${POINTS} fakes (crosses), and G(z) in the ring. `
    + `Both axes go from ${words(-limit)} to ${words(limit)}. Press near a cross to take its z.`);
  return {
    element: element("figure", {}, canvas, caption),
    show(z) {
      const fake = G.forward(z);
      drawAxes(canvas.pen);
      for (let i = 0; i < POINTS; i++) drawCross(canvas.pen, point(i));
      drawRing(canvas.pen, place(fake));
      canvas.say(`${POINTS} fakes as points in the plane, and in a ring what G makes of `
        + `${beginning(z)}: the point (${words(fake[0])}, ${words(fake[1])}).`);
    },
  };
}

function nearest(point, x, y) {
  let best = 0, least = Infinity;
  for (let i = 0; i < POINTS; i++) {
    const [right, down] = point(i), far = Math.hypot(right - x, down - y);
    if (far < least) [best, least] = [i, far];
  }
  return best;
}

function drawAxes(pen) {
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, SIDE, SIDE);
  pen.fillStyle = COLOURS.faint;
  pen.fillRect(0, SIDE / 2 - 0.5, SIDE, 1);
  pen.fillRect(SIDE / 2 - 0.5, 0, 1, SIDE);
}

function drawCross(pen, [x, y]) {
  pen.strokeStyle = COLOURS.fake;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (const side of [-3, 3]) {
    pen.moveTo(x - 3, y - side);
    pen.lineTo(x + 3, y + side);
  }
  pen.stroke();
}

function drawRing(pen, [x, y]) {
  pen.strokeStyle = "#222222";
  pen.lineWidth = 3;
  pen.beginPath();
  pen.arc(x, y, 9, 0, 2 * Math.PI);
  pen.stroke();
  pen.fillStyle = COLOURS.fake;
  pen.beginPath();
  pen.arc(x, y, 4, 0, 2 * Math.PI);
  pen.fill();
}

// --- the start ----------------------------------------------------------------------------------

takeHome(document.getElementById("live"), JSON.parse(document.getElementById("data").textContent));
document.body.classList.add("is-live"); // now the still picture is only for paper
