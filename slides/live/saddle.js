// The smallest game with a saddle: f(d, g) = d g. D moves d down, G moves g up.
import { COLOURS, button, choice, element, picture, player, row, slider }
  from "../../gan_lib/page/parts.js";
import { Chart, signed, wipe } from "../../gan_lib/page/chart.js";

// One step of both players, as in gan_lib/failures.py. With alternating turns, G meets D's new
// number. Returns the new [d, g].
export function saddleStep(turns, [d, g], rate, penalty) {
  const moved = d - rate * (g + penalty * d);
  return [moved, g + rate * (turns === "alternating" ? moved : d)];
}

export function saddlePath(turns, rate, penalty, steps) {
  const path = [[1, 1]];
  while (path.length <= steps) path.push(saddleStep(turns, path.at(-1), rate, penalty));
  return path;
}

export function saddle(place) {
  const limit = 3, most = 200;
  const narrow = place.clientWidth < 700; // on a phone the numbers below say the distance
  let steps = 0;
  const plane = picture({ width: 430, height: 350, alt: "" });
  const field = new Chart(plane, {
    left: 90, top: 12, width: 274, height: 274, x: [-limit, limit], y: [-limit, limit],
  });
  const course = picture({ width: 520, height: 350, alt: "" });
  const distance = new Chart(course, {
    left: 90, top: 12, width: 410, height: 274, x: [0, most], y: [0, 4],
  });

  const drawPlane = (path) => {
    wipe(plane);
    field.axes({ xTicks: [-2, 0, 2], yTicks: [-2, 0, 2],
                 xName: "d, D\u2019s number: goes down", yName: "g, G\u2019s number: goes up" });
    field.inside(() => {
      for (const level of [-6, -4, -2, 2, 4, 6]) {
        for (const side of [-1, 1]) { // a level d g = c has two branches
          const branch = [];
          for (let d = 0.1; d <= limit; d += 0.1) branch.push([side * d, level / (side * d)]);
          field.line(branch, { colour: COLOURS.faint, thick: 1.5 });
        }
      }
      field.mark(0, 0, { shape: "cross", size: 14 });
      field.line(path, { colour: COLOURS.neutral, thick: 1.5 });
      for (const [d, g] of path) field.mark(d, g, { colour: COLOURS.neutral, size: 3.5 });
      field.mark(...saddleMean(path), { shape: "diamond", colour: COLOURS.other, size: 8 });
      field.mark(...path.at(-1), { size: 9 });
    });
  };
  const drawDistance = (path) => {
    wipe(course);
    distance.axes({ xTicks: [0, 50, 100, 150, 200], yTicks: [0, 1, 2, 3, 4], xName: "step",
                    yName: "distance from the saddle" });
    distance.inside(() => {
      distance.line(path.map((now, step) => [step, Math.hypot(...now)]),
                    { colour: COLOURS.neutral });
      distance.mark(path.length - 1, Math.hypot(...path.at(-1)), { size: 9 });
    });
  };
  const draw = () => {
    const path = saddlePath(turns.value, rate.value, penalty.value, steps);
    drawPlane(path);
    drawDistance(path);
    const [d, g] = path.at(-1), far = saddleNumber(Math.hypot(d, g));
    const mean = saddleNumber(Math.hypot(...saddleMean(path)));
    told.replaceChildren(
      element("span", {}, `step ${steps}`),
      element("span", {}, `\u25CF now: d = ${saddleNumber(d)}, g = ${saddleNumber(g)}, ${far} from `
                          + "the saddle +"),
      element("span", {}, `\u25C6 mean of the path: ${mean} from it`));
    plane.say(`The path of d and g in the plane after ${steps} ${turns.value} steps of length `
              + `${rate.value.toFixed(2)} with penalty ${penalty.value.toFixed(2)}: `
              + `d = ${saddleNumber(d)}, g = ${saddleNumber(g)}. The mean of the path is ${mean} `
              + "from the saddle at 0, 0.");
    course.say(`The distance from the saddle is ${far} after ${steps} steps; `
               + `it was ${saddleNumber(Math.hypot(...path[0]))} at the start.`);
  };
  const forward = () => {
    steps = Math.min(steps + 1, most);
    draw();
    return steps < most;
  };

  const told = element("p", { class: "page-row" });
  const turns = choice({ name: "Steps:", value: "simultaneous", change: draw,
    options: { simultaneous: "simultaneous", alternating: "alternating" } });
  const rate = slider({ name: "step length", min: 0.02, max: 0.6, step: 0.02, value: 0.2,
                        change: draw });
  const penalty = slider({ name: "penalty", min: 0, max: 1, step: 0.05, value: 0, change: draw });
  const play = player("Play", forward);
  const reset = () => {
    play.stop();
    steps = 0;
    draw();
  };
  draw();
  place.replaceChildren(
    row(plane, ...(narrow ? [] : [course])), told,
    row(turns, button("Step", forward), play, button("Reset", reset)), row(rate, penalty));
}

// The mean of all places of a path: [d, g].
export function saddleMean(path) {
  return [0, 1].map((i) => path.reduce((sum, place) => sum + place[i], 0) / path.length);
}

function saddleNumber(number) {
  return signed(Math.abs(number) < 1000 ? number.toFixed(2) : number.toExponential(1));
}
