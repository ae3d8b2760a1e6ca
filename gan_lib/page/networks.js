// Networks in a web page: made of layers, read from text; and the noise that goes in.
// How numbers lie in the arrays, layers.js says.

import { Convolution, LAYERS, LeakyReLU, Linear, Resize, UpConvolution } from "./layers.js";

export class Network {
  // `inside` and `shape` are the shapes of one sample before and after the layers.
  constructor({ inside, shape }, layers) {
    Object.assign(this, { inside, shape, layers, zDim: inside[0] });
    this.linear = layers.filter(layer => layer instanceof Linear); // the layers that can learn
  }

  forward(x) { return this.layers.reduce((seen, layer) => layer.forward(seen), x); }

  // Brings the gradient at the output back to the input. With `learn`, the linear layers add the
  // gradients of their weights to what they have collected.
  backward(gradient, learn = false) {
    return this.layers.reduceRight((arrived, layer) => layer.backward(arrived, learn), gradient);
  }

  zeroGradient() { this.linear.forEach(layer => layer.zeroGradient()); }

  // All weights that can be trained, and their gradients: lists of arrays in the same order.
  weights() { return this.linear.flatMap(layer => [layer.weight, layer.bias]); }

  gradients() { return this.linear.flatMap(layer => [layer.weightGradient, layer.biasGradient]); }
}

// Make a network from what `gan_lib.page.packed` wrote: its layers, and all numbers in one text.
export function network({ inside, shape, layers, half, weights }) {
  const numbers = half ? fromHalf(new Uint16Array(bytes(weights)))
                       : new Float32Array(bytes(weights));
  let used = 0;
  const made = layers.map(layer => new LAYERS[layer.kind](layer, ...layer.counts.map(
    count => numbers.slice(used, used += count))));
  return new Network({ inside, shape }, merged(made));
}

// A resize and the convolution by 3 x 3 after it are one up-convolution by 4 x 4, in less than half
// of the work: each small point stamps the turned kernel four times, at its four large points.
function merged(layers) {
  return layers.flatMap((layer, place) => {
    if (layers[place - 1] instanceof Resize && fits(layer)) return [];
    const next = layers[place + 1];
    return [layer instanceof Resize && fits(next) ? stampedFourTimes(layer.shape, next) : layer];
  });
}

function fits(layer) {
  return layer instanceof Convolution && layer.kernel === 3 && layer.stride === 1
    && layer.padding === 1;
}

function stampedFourTimes(small, { large, small: [height, width, outside], weight, bias }) {
  const inside = large[2], stamp = new Float32Array(inside * 16 * outside);
  weight.forEach((value, place) => { // (outside, 3, 3, inside) -> (inside, 4, 4, outside)
    const channel = place % inside, column = Math.floor(place / inside) % 3;
    const row = Math.floor(place / inside / 3) % 3, made = Math.floor(place / inside / 9);
    for (const [down, right] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
      stamp[((channel * 4 + 2 - row + down) * 4 + 2 - column + right) * outside + made] += value;
    }
  });
  const shapes = { large: [height, width, outside], small, kernel: 4, stride: 2, padding: 1 };
  return new UpConvolution(shapes, stamp, bias);
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), letter => letter.charCodeAt(0)).buffer;
}

// Half precision (IEEE 754): one bit of sign, five of exponent, ten of fraction.
export function fromHalf(halves) {
  return Float32Array.from(halves, half => {
    const sign = half & 0x8000 ? -1 : 1, exponent = half >> 10 & 31, fraction = half & 1023;
    return exponent === 0 ? sign * fraction * 2 ** -24
                          : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}

// An untrained network with two hidden layers, begun as PyTorch begins linear layers.
export function pointNetwork(inside, width, outside, random) {
  const linear = (inside, outside) => {
    const start = count => Float32Array.from({ length: count },
                                             () => (2 * random() - 1) / Math.sqrt(inside));
    return new Linear({ inside, outside }, start(inside * outside), start(outside));
  };
  const relu = () => new LeakyReLU({ slope: 0 });
  return new Network({ inside: [inside], shape: [outside] },
    [linear(inside, width), relu(), linear(width, width), relu(), linear(width, outside)]);
}

// --- noise --------------------------------------------------------------------------------------

// A source of numbers in [0, 1) that begins anew with its seed (mulberry32, Ettinger, 2017).
export function randomNumbers(seed) {
  return () => {
    seed = seed + 0x6D2B79F5 | 0;
    let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
}

// Standard normal numbers (Box & Muller, 1958).
export function noise(count, random) {
  return Float32Array.from({ length: count }, () =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}

// The spherical mix of a and b: it turns from a to b and keeps the length.
export function slerp(a, b, t) {
  const dot = (u, v) => u.reduce((sum, value, i) => sum + value * v[i], 0);
  const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine))), whole = Math.sin(angle);
  const [one, other] = angle < 1e-4 ? [1 - t, t]
    : [Math.sin((1 - t) * angle) / whole, Math.sin(t * angle) / whole];
  return a.map((value, i) => one * value + other * b[i]);
}
