// Be D on six cards: real digits and fakes of G, mixed by a coin.
import { COLOURS, button, element, paint, picture, row } from "../../gan_lib/page/parts.js";

// Of fakes, how many were called fake (hits); of real cards, how many were called fake, too.
export function cardsScore(truth, said) {
  const count = (label) => truth.filter((word) => word === label).length;
  const calledFake = (label) => truth.filter((word, i) => word === label && said[i] === "fake");
  return { hits: calledFake("fake").length, fakes: count("fake"),
           falseAlarms: calledFake("real").length, reals: count("real") };
}

export function cards(place, data) {
  const side = place.clientWidth < 700 ? 96 : 160; // on a phone, or on a slide
  const frame = 6, letter = { real: "r", fake: "f" };
  const pixels = Uint8Array.from(atob(data.pixels), (sign) => sign.charCodeAt(0));
  const dSays = data.D.map((p) => (p >= 0.5 ? "real" : "fake"));
  let round = 0, said = [];

  const first = () => round * data.cards;
  const ofRound = (list) => list.slice(first(), first() + data.cards);
  const finished = () => said.length === data.cards;

  const looks = Array.from({ length: data.cards }, () => {
    const canvas = picture({ width: side + 2 * frame, height: side + 2 * frame, alt: "" });
    return { canvas, words: element("div", { class: "page-words page-three-lines" }) };
  });
  const answer = (word) => {
    if (finished()) return;
    said.push(word);
    draw();
    if (finished()) again.focus();
  };
  const [real, fake] = ["real", "fake"].map((word) => button(
    `${word[0].toUpperCase()}${word.slice(1)} (${letter[word].toUpperCase()})`,
    () => answer(word)));
  const again = button("New cards", () => {
    round = (round + 1) % (data.truth.length / data.cards);
    said = [];
    draw();
    real.focus();
  });
  const told = element("div", { role: "status", class: "page-row page-words" });

  const drawCard = ({ canvas, words }, i) => {
    const number = first() + i, length = data.size ** 2, whole = side + 2 * frame;
    canvas.pen.fillStyle = "#FFFFFF";
    canvas.pen.fillRect(0, 0, whole, whole);
    paint(canvas, Array.from(pixels.subarray(number * length, (number + 1) * length),
                             (value) => value / 127.5 - 1),
          [data.size, data.size, 1], side / data.size, frame, frame);
    const truth = finished() ? data.truth[number] : null;
    if (truth || i === said.length) {
      Object.assign(canvas.pen, { strokeStyle: COLOURS[truth ?? "neutral"], lineWidth: 5 });
      canvas.pen.setLineDash(truth === "fake" ? [14, 8] : []);
      canvas.pen.strokeRect(2.5, 2.5, whole - 5, whole - 5);
      canvas.pen.setLineDash([]);
    }
    const lines = [`you: ${said[i] ?? (i === said.length ? "?" : "\u2013")}`];
    if (truth) {
      lines.unshift(`it was ${truth}`);
      lines.push(`D: ${dSays[number]} (${data.D[number].toFixed(2)})`);
    }
    words.replaceChildren(...lines.map((line) => element("div", {}, line)));
    const who = truth ? `${truth}` : "real or fake?";
    canvas.say(`Card ${i + 1} of ${data.cards}, a digit: ${who}`);
  };
  const drawScore = () => {
    const lines = [`Card ${said.length + 1} of ${data.cards}: a real digit or a fake?`];
    if (finished()) {
      lines.length = 0;
      for (const [who, words] of [["You", said], ["D", ofRound(dSays)]]) {
        const { hits, fakes, falseAlarms, reals } = cardsScore(ofRound(data.truth), words);
        lines.push(`${who}: ${hits} of ${fakes} fakes caught (hits), `
          + `${falseAlarms} of ${reals} real digits called fake (false alarms)`);
      }
      const percent = (share) => `${Math.round(100 * share)} %`;
      lines.push(`D on ${data.score.cards} cards that it never saw: `
        + `${percent(data.score.hits)} hits, ${percent(data.score.falseAlarms)} false alarms`);
    }
    told.replaceChildren(...lines.map((line) => element("div", { class: "page-line" }, line)));
  };
  const draw = () => {
    looks.forEach(drawCard);
    drawScore();
    real.disabled = fake.disabled = finished();
  };

  draw();
  place.replaceChildren(
    row(...looks.map(({ canvas, words }) => element("div", {}, canvas, words))), told,
    row(real, fake, again));
  place.onkeydown = (event) => { // R and F are quicker than the buttons
    const word = { r: "real", f: "fake" }[event.key.toLowerCase()];
    if (!word || event.ctrlKey || event.metaKey || event.altKey) return;
    answer(word);
  };
}
