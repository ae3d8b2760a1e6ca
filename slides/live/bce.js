// What does the binary cross entropy charge for a probability p?
import { COLOURS, element, hold, picture, row, slider } from "../../gan_lib/page/parts.js";
import { Chart, signed, wipe } from "../../gan_lib/page/chart.js";

// The loss of the answer p where the label says real, or fake.
export function bceLoss(p, label) {
  return -Math.log(label === "real" ? p : 1 - p);
}

export function bce(place) {
  const lowest = 0.01, highest = 0.99;
  const width = place.clientWidth < 700 ? 440 : 800; // on a phone, or on a slide
  const canvas = picture({ width, height: 400, alt: "" });
  const chart = new Chart(canvas, {
    left: 90, top: 16, width: width - 110, height: 320, x: [0, 1], y: [0, 5],
  });
  const lines = { real: [], fake: [10, 7] }; // solid, dashed
  const shapes = { real: "circle", fake: "square" };
  const numbers = element("p", { class: "page-row" });

  const curve = (label) => {
    const points = [];
    for (let p = 0.005; p < 1; p += 0.005) points.push([p, bceLoss(p, label)]);
    return points;
  };
  const draw = (p) => {
    wipe(canvas);
    chart.axes({ xTicks: [0, 0.5, 1], yTicks: [0, 1, 2, 3, 4, 5],
                 xName: "p = D(x), the probability of \u201Creal\u201D", yName: "loss" });
    chart.inside(() => {
      const top = Math.max(bceLoss(p, "real"), bceLoss(p, "fake"));
      chart.line([[p, 0], [p, top]], { colour: COLOURS.faint, thick: 2 });
      for (const label of ["real", "fake"]) {
        chart.line(curve(label), { colour: COLOURS.D, dash: lines[label] });
        chart.mark(p, bceLoss(p, label), { shape: shapes[label], colour: COLOURS.D, size: 9 });
      }
    });
    chart.words("label real: \u2212log p", chart.x(0.06), chart.y(4.6));
    chart.words("label fake: \u2212log(1 \u2212 p)", chart.x(0.94), chart.y(4.1),
                { align: "right" });
    tell(p);
  };
  const tell = (p) => {
    const [real, fake] = ["real", "fake"].map((label) => bceLoss(p, label).toFixed(2));
    numbers.replaceChildren(
      element("span", {}, `\u25CF label real: \u2212log ${p.toFixed(2)} = ${signed(real)}`),
      element("span", {}, `\u25A0 label fake: \u2212log ${(1 - p).toFixed(2)} = ${signed(fake)}`));
    canvas.say(`At p = ${p.toFixed(2)} the loss is ${real} if the label says real, `
               + `and ${fake} if it says fake.`);
  };

  const control = slider({ name: "p = D(x)", min: lowest, max: highest, step: 0.01, value: 0.7,
                           change: draw });
  hold(canvas, (x) => {
    const share = (x * width - chart.left) / chart.width;
    const p = Math.min(Math.max(Math.round(100 * share) / 100, lowest), highest);
    control.set(p);
    draw(p);
  });
  draw(control.value);
  place.replaceChildren(canvas, numbers, row(control));
}
