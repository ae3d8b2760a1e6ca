// How does a small picture become a larger one? Each of its numbers stamps a copy of the kernel.
import { COLOURS, button, choice, element, numberField, picture, row, slider }
  from "../../gan_lib/page/parts.js";
import { Chart, signed, wipe } from "../../gan_lib/page/chart.js";

// What input number (row, column) of a square picture adds to the output: its copy of the kernel.
// `x` and `kernel` are lists of rows; so is the result, with zeros where the copy does not lie.
export function upConvolutionStamp(x, kernel, stride, row, column) {
  const side = (x.length - 1) * stride + kernel.length;
  const inside = (place) => place >= 0 && place < kernel.length;
  return Array.from({ length: side }, (_, i) => Array.from({ length: side }, (_, j) => {
    const [down, right] = [i - row * stride, j - column * stride];
    return inside(down) && inside(right) ? x[row][column] * kernel[down][right] : 0;
  }));
}

// The sum of the first `stamps` copies, row by row of the input.
export function upConvolutionSum(x, kernel, stride, stamps = x.length ** 2) {
  const side = (x.length - 1) * stride + kernel.length;
  let sum = Array.from({ length: side }, () => new Array(side).fill(0));
  for (let n = 0; n < stamps; n++) {
    const copy = upConvolutionStamp(x, kernel, stride, Math.floor(n / x.length), n % x.length);
    sum = sum.map((line, i) => line.map((value, j) => value + copy[i][j]));
  }
  return sum;
}

export function up_convolution(place) {
  const x = [[1, 2], [3, 4]], kernel = [[1, 2, 1], [2, 4, 2], [1, 2, 1]];
  const cell = place.clientWidth < 700 ? 40 : 62; // on a phone, or on a slide
  const side = 5 * cell + 10;
  const boards = ["copy", "sum"].map(() => picture({ width: side, height: side + 40, alt: "" }));

  const draw = () => {
    const stride = Number(strides.value), n = stamps.value - 1;
    const [i, j] = [Math.floor(n / 2), n % 2];
    const sum = upConvolutionSum(x, kernel, stride, stamps.value);
    const copy = n < 0 ? sum : upConvolutionStamp(x, kernel, stride, i, j);
    const at = n < 0 ? null : [i * stride, j * stride];
    const name = n < 0 ? "no stamp yet" : `stamp ${n + 1}: ${signed(x[i][j])} \u00D7 kernel`;
    upConvolutionBoard(boards[0], name, copy, at, true, cell);
    upConvolutionBoard(boards[1], `output, ${sum.length} \u00D7 ${sum.length}`, sum, at, false,
                       cell);
    boards[0].say(n < 0 ? "No stamp yet." : `Stamp ${n + 1} of 4, ${x[i][j]} times the kernel, `
                  + `begins in row ${at[0] + 1}, column ${at[1] + 1} of the output.`);
    boards[1].say(`Output after ${stamps.value} of 4 stamps with stride ${stride}: rows `
                  + `${sum.map((line) => line.join(" ")).join(", ")}.`);
    fields.forEach((field, k) => field.classList.toggle("page-now", k === n));
  };
  const table = (name, numbers) => {
    const made = numbers.flatMap((line, i) => line.map((value, j) => numberField({
      name: `${name}, row ${i + 1}, column ${j + 1}`, min: -9, max: 9, value,
      change: (now) => {
        line[j] = now;
        draw();
      },
    })));
    const grid = element("div", {
      class: "page-grid", style: `grid-template-columns: repeat(${numbers.length}, auto)`,
    }, ...made);
    return [made, element("div", {}, element("div", { class: "page-words" }, name), grid)];
  };

  const [fields, input] = table("input", x);
  const [, kernelTable] = table("kernel", kernel);
  const strides = choice({ name: "stride", options: { 1: "1", 2: "2" }, value: 2, change: draw });
  const stamps = slider({ name: "stamps", min: 0, max: 4, step: 1, value: 1, change: draw });
  const next = button("Next stamp", () => {
    stamps.set((stamps.value + 1) % 5);
    draw();
  });
  draw();
  place.replaceChildren(row(input, kernelTable, ...boards), row(strides, stamps, next));
}

// A table of numbers on a canvas. The cells that the last stamp covers, from `at` on, have a
// green frame; with `only`, other cells stay empty.
function upConvolutionBoard(canvas, title, numbers, at, only, cell) {
  const chart = new Chart(canvas, { width: 1, height: 1, x: [0, 1], y: [0, 1] }), top = 36;
  const covered = (i, j) => at !== null && i >= at[0] && i < at[0] + 3
    && j >= at[1] && j < at[1] + 3;
  const largest = Math.max(1, ...numbers.flat());
  wipe(canvas);
  chart.words(title, 4, 16);
  numbers.forEach((line, i) => line.forEach((value, j) => {
    const [left, up] = [4 + j * cell, top + i * cell];
    const grey = 255 - 90 * Math.max(0, value) / largest;
    canvas.pen.fillStyle = `rgb(${grey}, ${grey}, ${grey})`;
    canvas.pen.fillRect(left, up, cell, cell);
    chart.rule([[left, up], [left + cell, up], [left + cell, up + cell], [left, up + cell],
                [left, up]], { colour: COLOURS.faint });
    if (!only || covered(i, j)) {
      chart.words(signed(value), left + cell / 2, up + cell / 2, { align: "center" });
    }
  }));
  if (at === null) return;
  const [left, up, wide] = [4 + at[1] * cell, top + at[0] * cell, 3 * cell];
  chart.rule([[left, up], [left + wide, up], [left + wide, up + wide], [left, up + wide],
              [left, up]], { colour: COLOURS.other, thick: 4 });
}
