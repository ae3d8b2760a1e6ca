// The projects' deck: whatever is longer than its slide becomes smaller, and can be scrolled.

import { onSlide, printing, startReveal } from "./around.js";

const SMALLEST = 18; // px of a letter, on a slide that is 720 px high
const READABLE = 24; // where code may be scrolled, words stay so large

startReveal();
if (!printing) onSlide(fit);
for (const words of document.querySelectorAll(".words")) words.addEventListener("keydown", scroll);
if (printing) {
  for (const slide of document.querySelectorAll("section")) fit(slide);
}

function fit(slide) {
  for (const words of slide.querySelectorAll(".words")) {
    words.style.fontSize = "";
    let size = parseFloat(getComputedStyle(words).fontSize);
    while (tooLong(words) && size > SMALLEST) words.style.fontSize = `${size -= 1}px`;
    if (!tooLong(words)) continue;
    putCodeLast(words);
    words.tabIndex = 0; // so that the keyboard can scroll it
    words.setAttribute("role", "region");
    words.setAttribute("aria-label", "The slide's words, to be scrolled");
  }
}

// What does not fit even in small letters: a talk is made of words and results, so they come first.
function putCodeLast(words) {
  const code = words.querySelectorAll(".part-of-words:has(> .code)");
  if (code.length === words.childElementCount) return;
  words.append(...code);
  words.style.fontSize = `${READABLE}px`;
}

function tooLong(words) {
  return words.scrollHeight > words.clientHeight + 1;
}

// While words that scroll have the focus, up and down are theirs; reveal.js has no use for them.
function scroll(event) {
  if (event.key === "ArrowUp" || event.key === "ArrowDown") event.stopPropagation();
}
