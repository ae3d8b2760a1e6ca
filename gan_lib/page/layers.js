// The layers of networks that run, and learn, in a web page.
//
// Numbers lie in one Float32Array. Vectors: one after the other, (n, length). Pictures: row by row,
// the channels of a point side by side, (n, height, width, channels), in [-1, 1].
// A layer turns the input of n samples into their output (`forward`), and the gradient at its
// output into the gradient at its input (`backward`), for the input that it saw last.

// --- sums of products: the work of all layers with weights --------------------------------------

// Each row of a (rows, length) times each row of b (columns, length), + bias: (rows, columns).
// Two rows and four columns at once: a number that was fetched serves several products. At the
// end of a row or column the last one is simply taken again.
export function products(a, b, length, bias) {
  const rows = a.length / length, columns = b.length / length;
  const out = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 2) {
    const below = Math.min(row + 1, rows - 1);
    for (let column = 0; column < columns; column += 4) {
      const last = columns - 1;
      const c1 = Math.min(column + 1, last), c2 = Math.min(column + 2, last);
      const c3 = Math.min(column + 3, last);
      let a0 = row * length, a1 = below * length;
      let b0 = column * length, b1 = c1 * length, b2 = c2 * length, b3 = c3 * length;
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0, t0 = 0, t1 = 0, t2 = 0, t3 = 0;
      for (const end = a0 + length; a0 < end;) {
        const s = a[a0++], t = a[a1++], u = b[b0++], v = b[b1++], w = b[b2++], x = b[b3++];
        s0 += s * u; s1 += s * v; s2 += s * w; s3 += s * x;
        t0 += t * u; t1 += t * v; t2 += t * w; t3 += t * x;
      }
      const top = row * columns, bottom = below * columns;
      out[top + column] = s0; out[top + c1] = s1; out[top + c2] = s2; out[top + c3] = s3;
      out[bottom + column] = t0; out[bottom + c1] = t1;
      out[bottom + c2] = t2; out[bottom + c3] = t3;
    }
  }
  if (bias) for (let i = 0; i < out.length; i++) out[i] += bias[i % columns];
  return out;
}

// Rows become columns: (rows, columns) -> (columns, rows).
function transposed(a, columns) {
  const rows = a.length / columns, out = new Float32Array(a.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      out[column * rows + row] = a[row * columns + column];
    }
  }
  return out;
}

// --- layers -------------------------------------------------------------------------------------

export class Linear {
  constructor({ inside, outside }, weight, bias) { // (outside, inside) and (outside), as in PyTorch
    Object.assign(this, { inside, outside, weight, bias });
    this.zeroGradient();
  }

  zeroGradient() {
    this.weightGradient = new Float32Array(this.weight.length);
    this.biasGradient = new Float32Array(this.outside);
  }

  forward(x) {
    this.seen = x;
    return products(x, this.weight, this.inside, this.bias);
  }

  backward(gradient, learn) {
    this.arrived = gradient;
    if (learn) {
      this.addWeightGradient(this.seen);
      const { biasGradient, outside } = this;
      for (let i = 0; i < gradient.length; i++) biasGradient[i % outside] += gradient[i];
    }
    return this.back(gradient);
  }

  // Gradient (n, outside) times weight (outside, inside). A neuron that is off has no slope.
  back(gradient) {
    const { inside, outside, weight } = this;
    const out = new Float32Array(gradient.length / outside * inside);
    for (let i = 0; i < gradient.length; i++) {
      const slope = gradient[i], sample = Math.floor(i / outside) * inside;
      if (slope === 0) continue;
      for (let j = 0, row = i % outside * inside; j < inside; j++) {
        out[sample + j] += slope * weight[row + j];
      }
    }
    return out;
  }

  // How the output follows a small change of the input.
  follow(change) {
    this.addWeightGradient(change);
    return products(change, this.weight, this.inside);
  }

  addWeightGradient(x) {
    const { inside, outside, arrived, weightGradient } = this;
    for (let i = 0; i < arrived.length; i++) {
      const slope = arrived[i], sample = Math.floor(i / outside) * inside;
      if (slope === 0) continue;
      for (let j = 0, row = i % outside * inside; j < inside; j++) {
        weightGradient[row + j] += slope * x[sample + j];
      }
    }
  }
}

// ReLU (slope 0) and leaky ReLU: two straight pieces.
export class LeakyReLU {
  constructor({ slope }) { this.slope = slope; }

  forward(x) { return this.bend(this.seen = x); }

  backward(gradient) { return this.bend(gradient); }

  follow(change) { return this.bend(change); }

  bend(numbers) { // by the side on which the input lay
    const { seen, slope } = this, out = new Float32Array(numbers.length);
    for (let i = 0; i < out.length; i++) out[i] = seen[i] > 0 ? numbers[i] : slope * numbers[i];
    return out;
  }
}

class Tanh {
  forward(x) { return (this.made = x.map(Math.tanh)); }

  backward(gradient) { return gradient.map((g, i) => g * (1 - this.made[i] ** 2)); }
}

class Sigmoid {
  forward(x) { return (this.made = x.map(logit => 1 / (1 + Math.exp(-logit)))); }

  backward(gradient) { return gradient.map((g, i) => g * this.made[i] * (1 - this.made[i])); }
}

// Batch norm at rest: each channel has its own factor and shift.
class BatchNorm {
  constructor({ channels, eps }, weight, bias, mean, variance) {
    this.channels = channels;
    this.factor = weight.map((w, i) => w / Math.sqrt(variance[i] + eps));
    this.shift = bias.map((b, i) => b - mean[i] * this.factor[i]);
  }

  forward(x) {
    return x.map((v, i) => v * this.factor[i % this.channels] + this.shift[i % this.channels]);
  }

  backward(gradient) { return gradient.map((g, i) => g * this.factor[i % this.channels]); }
}

// A vector, channel after channel as PyTorch cuts it, becomes maps; "flatten" is the way back.
class Unflatten {
  constructor({ shape, back }) { Object.assign(this, { shape, back }); }

  forward(x) { return this.move(x, this.back); }

  backward(gradient) { return this.move(gradient, !this.back); }

  move(x, back) {
    const [height, width, channels] = this.shape, points = height * width;
    const size = points * channels, out = new Float32Array(x.length);
    for (let start = 0; start < x.length; start += size) {
      const sample = x.subarray(start, start + size);
      out.set(transposed(sample, back ? channels : points), start);
    }
    return out;
  }
}

// Repeats each point: (height, width) -> (2 height, 2 width).
export class Resize {
  constructor({ shape }) { this.shape = shape; }

  forward(x) {
    const [, width, channels] = this.shape, out = new Float32Array(4 * x.length);
    this.eachPoint(x.length, (from, to) => {
      const point = x.subarray(from, from + channels);
      for (const place of [to, to + channels]) {
        out.set(point, place);
        out.set(point, place + 2 * width * channels);
      }
    });
    return out;
  }

  backward(gradient) {
    const [, width, channels] = this.shape, below = 2 * width * channels;
    const out = new Float32Array(gradient.length / 4);
    this.eachPoint(out.length, (from, to) => {
      for (let c = 0; c < channels; c++) {
        const first = to + c, second = first + channels;
        out[from + c] = gradient[first] + gradient[second]
          + gradient[first + below] + gradient[second + below];
      }
    });
    return out;
  }

  eachPoint(length, visit) { // a row of points becomes two rows, each twice as wide
    const [, width, channels] = this.shape;
    for (let from = 0; from < length; from += channels) {
      const point = from / channels, row = Math.floor(point / width), column = point % width;
      visit(from, (row * 4 * width + 2 * column) * channels);
    }
  }
}

// What a convolution and an up-convolution share: a kernel of `kernel` x `kernel` points that lies
// on a padded picture, at every `stride`-th place. `large` is the picture's shape (height, width,
// channels), `small` that of the places.
class Kernels {
  constructor({ large, small, kernel, stride, padding }, weight, bias) {
    Object.assign(this, { large, small, kernel, stride, padding, weight, bias });
    this.patch = kernel * kernel * large[2];
    this.weightTransposed = transposed(weight, weight.length / small[2]);
  }

  // Cut out what lies under the kernel at each place: (n, places, patch).
  cut(x) {
    const { patch } = this, [, , channels] = this.large, [rows, columns] = this.small;
    const size = this.large[0] * this.large[1] * channels, n = x.length / size;
    const out = new Float32Array(n * rows * columns * patch);
    this.eachLine(n, (inPatch, inPicture, length) => {
      for (let i = 0; i < length; i++) out[inPatch + i] = x[inPicture + i];
    });
    return out;
  }

  // Stamp a patch at each place and add them up: (n, height, width, channels).
  stamp(patches) {
    const [height, width, channels] = this.large;
    const n = patches.length / (this.small[0] * this.small[1] * this.patch);
    const out = new Float32Array(n * height * width * channels);
    this.eachLine(n, (inPatch, inPicture, length) => {
      for (let i = 0; i < length; i++) out[inPicture + i] += patches[inPatch + i];
    });
    return out;
  }

  // Visit each line of the kernel at each place, without what lies on the padding.
  eachLine(n, visit) {
    const { kernel, stride, padding, patch } = this;
    const [height, width, channels] = this.large, [rows, columns] = this.small;
    for (let place = 0; place < n * rows * columns; place++) {
      const sample = Math.floor(place / (rows * columns));
      const top = Math.floor(place / columns) % rows * stride - padding;
      const left = place % columns * stride - padding;
      const first = Math.max(0, -left), last = Math.min(kernel, width - left);
      for (let line = Math.max(0, -top); line < Math.min(kernel, height - top); line++) {
        const row = (sample * height + top + line) * width + left + first;
        visit(place * patch + (line * kernel + first) * channels, row * channels,
              (last - first) * channels);
      }
    }
  }
}

export class Convolution extends Kernels { // weight (outside, kernel, kernel, inside)
  forward(x) { return products(this.cut(x), this.weight, this.patch, this.bias); }

  backward(gradient) {
    return this.stamp(products(gradient, this.weightTransposed, this.small[2]));
  }
}

// The other way round: each point of the small maps stamps a kernel on the large ones.
export class UpConvolution extends Kernels { // weight (inside, kernel, kernel, outside)
  forward(x) {
    const out = this.stamp(products(x, this.weightTransposed, this.small[2]));
    for (let i = 0; i < out.length; i++) out[i] += this.bias[i % this.bias.length];
    return out;
  }

  backward(gradient) { return products(this.cut(gradient), this.weight, this.patch); }
}

export const LAYERS = {
  linear: Linear, "leaky relu": LeakyReLU, tanh: Tanh, sigmoid: Sigmoid, "batch norm": BatchNorm,
  unflatten: Unflatten, resize: Resize, convolution: Convolution, "up-convolution": UpConvolution,
};
