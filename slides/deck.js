// The lecture: its path of one hour, and each live slide, started when it is first shown.

import { inSpeakerView, onSlide, phone, printing, question, startReveal } from "./around.js";
import { network } from "../gan_lib/page/networks.js";

// `live` has the live slides by their names: functions of (place, data, networks).
function start(live) {
  if (question.has("path")) hideSlidesBesideThePath();
  startReveal({ defaultTiming: 0 });
  if (printing) return;
  Reveal.addKeyBinding({ keyCode: 84, key: "T", description: "The path of one hour, or all" },
    togglePath);
  if (inSpeakerView) return;
  onSlide(slide => startLive(slide, live));
  watchForErrors();
}

// --- the path of one hour ----------------------------------------------------------------------

function hideSlidesBesideThePath() {
  for (const slide of document.querySelectorAll('section[data-path="no"]')) slide.remove();
}

function togglePath() {
  const slide = Reveal.getCurrentSlide().id;
  if (question.has("path")) question.delete("path");
  else question.set("path", "");
  location.href = `${location.pathname}?${question}#/${slide}`;
}

// --- live slides -------------------------------------------------------------------------------

const started = new WeakSet();

// Each network is decoded when a live slide first asks for it.
const networks = {};
for (const packed of document.querySelectorAll("script[data-network]")) {
  const name = packed.dataset.network;
  let ready = null;
  Object.defineProperty(networks, name, {
    enumerable: true, get: () => ready ??= network(JSON.parse(packed.textContent)),
  });
}

async function startLive(slide, live) {
  for (const place of slide.querySelectorAll(".live")) {
    if (started.has(place)) continue;
    started.add(place);
    place.addEventListener("keydown", turnPage, { capture: true }); // before the control sees it
    place.addEventListener("keydown", event => event.stopPropagation()); // reveal.js does not
    const data = document.querySelector(`script[data-live="${place.dataset.name}"]`);
    try {
      await live[place.dataset.name](place, JSON.parse(data.textContent), networks);
      if (phone.matches) fit(place);
    } catch (error) {
      showTrouble(slide, error);
      console.error(error);
    }
  }
}

// On a phone, what is higher than its slide becomes smaller.
function fit(place) {
  const boxes = [...place.children].map(child => child.getBoundingClientRect());
  const height = Math.max(...boxes.map(box => box.bottom)) - Math.min(...boxes.map(box => box.top));
  const share = place.getBoundingClientRect().height / height;
  if (share < 1) place.style.zoom = 0.98 * share;
}

// The keys of a slider or a button are its own. A presenter's remote control (page up, page down)
// turns the page all the same, and so do the arrows on a button; Escape leaves the control.
function turnPage(event) {
  const arrows = event.target.tagName === "BUTTON";
  if (event.key === "PageDown" || arrows && event.key === "ArrowRight") Reveal.next();
  else if (event.key === "PageUp" || arrows && event.key === "ArrowLeft") Reveal.prev();
  else if (event.key !== "Escape") return;
  event.target.blur();
  event.preventDefault();
  event.stopPropagation();
}

function watchForErrors() {
  const show = error => showTrouble(Reveal.getCurrentSlide(), error);
  addEventListener("error", event => show(event.error ?? event.message));
  addEventListener("unhandledrejection", event => show(event.reason));
}

function showTrouble(slide, error) {
  const words = slide.querySelector(".trouble");
  if (!words) return;
  words.textContent = `This slide does not run: ${error.message ?? error}. The picture stays.`;
  words.hidden = false;
}
