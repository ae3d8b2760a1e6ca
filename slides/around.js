// What every deck of the course does: starts reveal.js, on a screen, a phone or paper.

export const question = new URLSearchParams(location.search);
export const printing = question.has("print-pdf");
export const inSpeakerView = question.has("receiver"); // the small slides in the speaker's window
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
export const phone = matchMedia("(max-width: 480px)");

// `more` are further options of reveal.js.
export function startReveal(more = {}) {
  // lecture.css lays out the pages; "print-pdf" keeps the style of reveal.js for paper away.
  if (printing) return document.documentElement.classList.add("printed", "print-pdf");
  Reveal.initialize({
    ...slideSize(), margin: 0, center: false, hash: true, slideNumber: "c/t",
    scrollActivationWidth: 480, controlsTutorial: false,
    transition: calm ? "none" : "fade", transitionSpeed: "fast", plugins: [RevealNotes], ...more,
  });
  if (inSpeakerView) return;
  onSlide(keepFocusIn);
  // Who hears the page reads it as a text: reveal.js calls it an application, which it is not.
  Reveal.on("ready", () => Reveal.getRevealElement().removeAttribute("role"));
  Reveal.on("overviewshown", () => keepFocusIn(null)); // there, every slide can be chosen
  Reveal.on("overviewhidden", ({ currentSlide }) => keepFocusIn(currentSlide));
  phone.addEventListener("change", () => location.reload());
}

// Calls act(slide) for each slide that comes.
export function onSlide(act) {
  for (const change of ["ready", "slidechanged"]) {
    Reveal.on(change, ({ currentSlide }) => act(currentSlide));
  }
}

// On a phone a slide is as narrow as the screen, so that its letters stay large.
function slideSize() {
  if (!phone.matches || inSpeakerView) return { width: 1280, height: 720 };
  return { width: 480, height: Math.round(480 * innerHeight / innerWidth) };
}

// The tab key goes through the slide that is seen, and not to links of the others.
function keepFocusIn(seen) {
  const all = !seen || Reveal.isScrollView() || Reveal.isOverview();
  for (const slide of Reveal.getSlides()) slide.inert = !all && slide !== seen;
}
