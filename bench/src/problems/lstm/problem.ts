import { gradInto } from 'adjoint';

/**
 * Loss of an LSTM that predicts the next character of a text (ADBench): diagonal gates, b values a character.
 * `main`: for each layer the weights and biases of four gates; `extra`: weight of the input, weight and bias of the
 * output; `start`: for each layer hidden state and cell; `text`: one row of b for each character.
 */
export function lstm(
  main: Float64Array,
  extra: Float64Array,
  start: Float64Array,
  text: Float64Array,
  b: number,
): number {
  const layers = start.length / (2 * b);
  const count = text.length / b;
  const state = start.slice();
  const x = new Float64Array(b);
  let total = 0;
  for (let t = 0; t < count - 1; t++) {
    for (let i = 0; i < b; i++) x[i] = text[t * b + i] * extra[i];
    for (let l = 0; l < layers; l++) {
      const weights = l * 8 * b;
      const biases = weights + 4 * b;
      const hidden = l * 2 * b;
      const cells = hidden + b;
      for (let i = 0; i < b; i++) {
        const forget = sigmoid(x[i] * main[weights + i] + main[biases + i]);
        const ingate = sigmoid(state[hidden + i] * main[weights + b + i] + main[biases + b + i]);
        const outgate = sigmoid(x[i] * main[weights + 2 * b + i] + main[biases + 2 * b + i]);
        const change = Math.tanh(state[hidden + i] * main[weights + 3 * b + i] + main[biases + 3 * b + i]);
        state[cells + i] = state[cells + i] * forget + ingate * change;
        state[hidden + i] = outgate * Math.tanh(state[cells + i]);
        x[i] = state[hidden + i];
      }
    }
    let sum = 2;
    for (let i = 0; i < b; i++) {
      x[i] = x[i] * extra[b + i] + extra[2 * b + i];
      sum += Math.exp(x[i]);
    }
    const normaliser = Math.log(sum);
    for (let i = 0; i < b; i++) total += text[(t + 1) * b + i] * (x[i] - normaliser);
  }
  return -total / ((count - 1) * b);
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export const lstmGradient = gradInto(lstm, { argnums: [0, 1] });
