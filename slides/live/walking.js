// A closed walk through noise, to play: what `walk` and `growing` share.
import { player, row, slider } from "../../gan_lib/page/parts.js";
import { slerp } from "../../gan_lib/page/networks.js";

const FRAMES_A_SECOND = 20;

// The noise of one frame: `steps` frames lie between two of the stops; after the last stop comes
// the first.
export function onTheWalk(stops, steps, frame) {
  const last = Math.floor(frame / steps), next = (last + 1) % stops.length;
  return slerp(Float32Array.from(stops[last]), Float32Array.from(stops[next]),
               frame % steps / steps);
}

// A slider for the frame and a button that plays; `show(frame)` draws one.
export function walkControls(frames, show) {
  let shown = 0;
  const control = slider({ name: "Frame", min: 0, max: frames - 1, step: 1, value: 0,
                           change: show });
  const play = player("Play", () => { // a frame of the screen is too short for one of the walk
    if (performance.now() - shown < 900 / FRAMES_A_SECOND) return;
    shown = performance.now();
    control.set((control.value + 1) % frames);
    show(control.value);
  });
  show(0);
  return row(play, control);
}
