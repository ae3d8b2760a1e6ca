// Directions in the noise that change what people have words for, in faces of 64 pixels.
import { scrub } from "./scrub.js";

export function scrub_faces(place, { z, names, directions }, networks) {
  scrub(place, { G: networks.faces64, z, what: "A face", names, directions,
                 stand: () => names.map(() => 0) });
}
