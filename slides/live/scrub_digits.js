// What does each number of the noise do to a digit?
import { scrub } from "./scrub.js";

export function scrub_digits(place, { z, count }, networks) {
  const G = networks.digits;
  const numbers = Array.from({ length: count }, (_, k) => k);
  scrub(place, {
    G, z, what: "A digit", names: numbers.map((k) => `z[${k}]`),
    directions: numbers.map((k) => z.map((_, i) => Number(i === k))),
    stand: (noise) => Array.from(noise.slice(0, count)), // each slider holds its number
  });
}
