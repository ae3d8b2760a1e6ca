// The parts of a page with which people move something: sliders, buttons, pictures.
//
// Everything is an element that the caller puts into the page. Words go in as text, never as HTML.

// The course's colours (gan_lib/figures.py): real and fake samples, what belongs to a network.
export const COLOURS = {
  real: "#0072B2", fake: "#D55E00", D: "#AA4499", G: "#117733", other: "#009E73",
  neutral: "#444444", faint: "#BBBBBB",
};

// element("p", {class: "note", onclick: f}, "words", anotherElement): one new element. A function
// becomes a property, null and false leave an attribute away, everything else is an attribute.
// (`style` goes its own way: a strict page forbids it as an attribute.)
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made[name] = value;
    else if (name === "style") made.style.cssText = value;
    else if (value != null && value !== false) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// A line of controls that goes on in the next line where the page is narrow.
export function row(...children) {
  return element("div", { class: "page-row" }, ...children);
}

// Name, slider, number. `change(value)` is called while it moves; `show(value)` writes the number.
// .value is the number, .set(value) moves the slider from code, without a call of `change`.
export function slider({ name, min, max, step, value, change = () => {}, show = null }) {
  const decimals = (String(step).split(".")[1] ?? "").length;
  const words = show ?? ((number) => number.toFixed(decimals).replace("-", "\u2212"));
  const input = element("input", { type: "range", min, max, step });
  const number = element("span", { class: "page-value" });
  const made = element("div", { class: "page-slider" }, element("label", {}, name, input), number);
  const tell = () => {
    number.textContent = words(Number(input.value));
    input.setAttribute("aria-valuetext", number.textContent);
  };
  made.set = (wanted) => {
    input.value = wanted;
    tell();
  };
  Object.defineProperty(made, "value", { get: () => Number(input.value) });
  input.addEventListener("input", () => {
    tell();
    change(Number(input.value));
  });
  made.set(value);
  return made;
}

// A button; `press` is called for mouse, finger, Enter and Space.
export function button(name, press) {
  const made = element("button", { type: "button", class: "page-button" }, name);
  made.addEventListener("click", () => press());
  return made;
}

// One of several words: `options` is {value: words}. `change(value)` is called with a new value;
// .value is the chosen one.
export function choice({ name, options, value, change = () => {} }) {
  choice.made = (choice.made ?? 0) + 1; // the buttons of one choice share a name of their own
  const made = element("fieldset", { class: "page-choice" }, element("legend", {}, name));
  made.value = value;
  for (const [option, words] of Object.entries(options)) {
    const input = element("input", { type: "radio", name: `page-choice-${choice.made}`,
      value: option, checked: option === String(value) ? "" : null });
    input.addEventListener("change", () => {
      made.value = option;
      change(option);
    });
    made.append(element("label", {}, input, words));
  }
  return made;
}

// A field for one whole number. `change(value)` is called with each that lies in [min, max].
export function numberField({ name, min, max, value, change = () => {} }) {
  const made = element("input", { type: "number", class: "page-number", "aria-label": name, min,
    max, step: 1, value });
  made.addEventListener("input", () => {
    if (made.value !== "" && made.validity.valid) change(Number(made.value));
  });
  return made;
}

// A button that plays and pauses: `tick()` is called in each frame of the screen, until it returns
// false. It starts only when pressed, and stops when it is out of sight. Who asked the system for
// less motion gets a call every 600 ms. .stop() pauses from code.
export function player(name, tick) {
  const slow = window.matchMedia("(prefers-reduced-motion: reduce)");
  let playing = false, last = 0;
  const made = button("", () => (playing ? made.stop() : start()));
  const tell = () => {
    made.textContent = `${playing ? "\u23F8\uFE0E Pause" : "\u25B6\uFE0E " + name}`;
  };
  const frame = (now) => {
    if (!playing) return;
    const unseen = made.checkVisibility?.({ visibilityProperty: true }) === false;
    if (unseen || !made.isConnected) return made.stop();
    if (!slow.matches || now - last >= 600) {
      last = now;
      if (tick() === false) return made.stop();
    }
    requestAnimationFrame(frame);
  };
  const start = () => {
    playing = true;
    tell();
    requestAnimationFrame(frame);
  };
  made.stop = () => {
    playing = false;
    tell();
  };
  tell();
  return made;
}

// A canvas of width x height, in pixels of the page; each is drawn with 2 x 2 points, so that
// letters are sharp. .pen draws on it (its numbers are pixels of the page), .say(alt) tells those
// who do not see it what it shows.
export function picture({ width, height, alt }) {
  const sharp = 2;
  const made = element("canvas", { class: "page-picture", role: "img", width: sharp * width,
    height: sharp * height, style: `width: ${width}px` });
  made.pen = made.getContext("2d");
  made.pen.scale(sharp, sharp);
  made.say = (words) => made.setAttribute("aria-label", words);
  made.say(alt);
  return made;
}

// Paint a picture into a `picture`: `pixels` (height, width, channels) in [-1, 1], one or three
// channels. Each becomes a square with sides of `scale`, the first at (x, y); without a scale, the
// picture is as wide as the canvas.
export function paint(canvas, pixels, [height, width, channels], scale = null, x = 0, y = 0) {
  paint.small ??= document.createElement("canvas"); // one for all: making them is slow
  Object.assign(paint.small, { width, height });
  const pen = paint.small.getContext("2d");
  const image = pen.createImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let colour = 0; colour < 3; colour++) {
      const value = pixels[i * channels + (channels === 1 ? 0 : colour)];
      image.data[4 * i + colour] = (value + 1) * 127.5; // it rounds, and stays in [0, 255]
    }
    image.data[4 * i + 3] = 255;
  }
  pen.putImageData(image, 0, 0);
  const side = scale ?? parseFloat(canvas.style.width) / width;
  canvas.pen.imageSmoothingEnabled = false;
  canvas.pen.drawImage(paint.small, x, y, width * side, height * side);
}

// Take hold of something in a picture: `move(x, y)` is called with the place, both in [0, 1] from
// the left upper corner, when mouse or finger press on it and while they stay down.
export function hold(held, move) {
  const place = (event) => {
    const box = held.getBoundingClientRect();
    const share = (value, size) => Math.min(Math.max(value / size, 0), 1);
    move(share(event.clientX - box.left, box.width), share(event.clientY - box.top, box.height));
  };
  held.style.touchAction = "none"; // else the finger moves the page
  held.style.cursor = "grab";
  held.addEventListener("pointerdown", (event) => {
    held.setPointerCapture(event.pointerId);
    place(event);
  });
  held.addEventListener("pointermove", (event) => {
    if (held.hasPointerCapture(event.pointerId)) place(event);
  });
}
