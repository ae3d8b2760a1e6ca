// Directions in the noise that change what people have words for, in faces of 64 pixels.
import { scrub } from "./scrub.js";

export function scrub_faces(place, { z, names, directions, counts, counted }, networks) {
  const percent = (share) => `${Math.round(100 * share)}\u00A0%`;
  // How the share of attribute k changes along direction i, in words.
  const change = (i, k) => `${names[k]} ${percent(counts[i][0][k])} → ${percent(counts[i][1][k])}`;
  const [i, k] = largestSideEffect(counts);
  scrub(place, { G: networks.faces64, z, what: "A face", names, directions,
    stand: () => names.map(() => 0),
    note: `Counted by a classifier on ${counted} other z, from one end to the other: `
      + `${names.map((_, i) => change(i, i)).join(", ")}. The largest side effect: `
      + `along ${names[i]}, ${change(i, k)}.` });
}

// The direction i and the other attribute k that it changes most.
export function largestSideEffect(counts) {
  const far = ([i, k]) => Math.abs(counts[i][1][k] - counts[i][0][k]);
  const pairs = counts.flatMap((_, i) => counts.map((_, k) => [i, k])).filter(([i, k]) => i !== k);
  return pairs.reduce((best, pair) => (far(pair) > far(best) ? pair : best));
}
