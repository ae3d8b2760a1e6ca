// Networks that run, and train, in a web page.
//
// Numbers lie in one Float32Array. Vectors: one after the other (n, length). Pictures: row by row,
// the colours of a point side by side (n, height, width, channels), in [-1, 1]. A layer turns the
// input of n samples into their output (`forward`), and the gradient at its output into the
// gradient at its input (`backward`), for the last input that it saw.

// --- sums of products: what all layers with weights are made of --------------------------------

// Each row of a (rows, length) times each row of b (columns, length): out (rows, columns).
// Four columns at a time: a number of a is fetched once for all four.
export function products(a, b, length, bias = null) {
  const rows = a.length / length, columns = b.length / length;
  const out = new Float32Array(rows * columns);
  const whole = columns - (columns % 4);
  for (let row = 0; row < rows; row++) {
    const start = row * length, end = start + length;
    for (let column = 0; column < whole; column += 4) {
      let b0 = column * length, b1 = b0 + length, b2 = b1 + length, b3 = b2 + length;
      let sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
      for (let i = start; i < end; i++) {
        const value = a[i];
        sum0 += value * b[b0++];
        sum1 += value * b[b1++];
        sum2 += value * b[b2++];
        sum3 += value * b[b3++];
      }
      const place = row * columns + column;
      out[place] = sum0;
      out[place + 1] = sum1;
      out[place + 2] = sum2;
      out[place + 3] = sum3;
    }
    for (let column = whole; column < columns; column++) {
      let sum = 0;
      for (let i = start, j = column * length; i < end; i++, j++) sum += a[i] * b[j];
      out[row * columns + column] = sum;
    }
  }
  if (bias) addToRows(out, bias);
  return out;
}

function addToRows(out, bias) {
  for (let i = 0; i < out.length; i += bias.length) {
    for (let j = 0; j < bias.length; j++) out[i + j] += bias[j];
  }
}

function transposed(a, columns) {
  const rows = a.length / columns, out = new Float32Array(a.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      out[column * rows + row] = a[row * columns + column];
    }
  }
  return out;
}

// --- layers ------------------------------------------------------------------------------------

export class Linear {
  // weight (outside, inside), bias (outside), as in PyTorch.
  constructor({ inside, outside }, weight, bias) {
    Object.assign(this, { inside, outside, weight, bias });
    this.forget();
  }

  forget() {
    this.weightGradient = new Float32Array(this.weight.length);
    this.biasGradient = new Float32Array(this.bias.length);
  }

  forward(x) {
    this.input = x;
    return products(x, this.weight, this.inside, this.bias);
  }

  // With `learn`, the gradients of weight and bias are added to what is there.
  backward(gradient, learn = false) {
    this.arrived = gradient;
    if (learn) {
      this.addWeightGradient(gradient, this.input);
      for (let i = 0; i < gradient.length; i++) this.biasGradient[i % this.outside] += gradient[i];
    }
    this.weightTurned ??= transposed(this.weight, this.inside);
    if (learn) this.weightTurned = null; // it will change
    return products(gradient, this.weightTurned ?? transposed(this.weight, this.inside),
                    this.outside);
  }
}
