import { gradInto } from 'adjoint';
import { flat } from '../matrix.js';
import type { Module, Runs } from '../protocol.js';
import { repeat } from '../repeat.js';

interface Input extends Runs {
  readonly main_params: readonly number[][];
  readonly extra_params: readonly number[][];
  readonly state: readonly number[][];
  readonly sequence: readonly number[][];
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/**
 * One layer at one time; every matrix of weights is diagonal. `main` holds, from `at` on, four vectors of weights and
 * four of biases (forget, in, out, change), `state` from `from` on the hidden values and the cells, which it changes.
 * `input` is read from `inputAt` on.
 */
function layer(
  width: number,
  main: Float64Array,
  at: number,
  state: Float64Array,
  from: number,
  input: Float64Array,
  inputAt: number,
): void {
  const bias = at + 4 * width;
  for (let i = 0; i < width; i++) {
    const hidden = state[from + i];
    const value = input[inputAt + i];
    const forget = sigmoid(value * main[at + i] + main[bias + i]);
    const ingate = sigmoid(hidden * main[at + width + i] + main[bias + width + i]);
    const outgate = sigmoid(value * main[at + 2 * width + i] + main[bias + 2 * width + i]);
    const change = Math.tanh(hidden * main[at + 3 * width + i] + main[bias + 3 * width + i]);
    const cell = state[from + width + i] * forget + ingate * change;
    state[from + width + i] = cell;
    state[from + i] = outgate * Math.tanh(cell);
  }
}

/**
 * Mean loss of a network of LSTM layers that predicts each vector of a sequence from those before it. `extra`: weights of
 * the input, weights and biases of the output. All vectors have `width` elements.
 */
export function meanLoss(
  main: Float64Array,
  extra: Float64Array,
  initial: Float64Array,
  sequence: Float64Array,
  width: number,
): number {
  const layers = main.length / (8 * width);
  const times = sequence.length / width - 1;
  const state = initial.slice();
  const first = new Float64Array(width);
  const prediction = new Float64Array(width);
  const top = 2 * width * (layers - 1);
  let total = 0;
  for (let t = 0; t < times; t++) {
    for (let i = 0; i < width; i++) first[i] = sequence[t * width + i] * extra[i];
    layer(width, main, 0, state, 0, first, 0);
    for (let k = 1; k < layers; k++) {
      layer(width, main, 8 * width * k, state, 2 * width * k, state, 2 * width * (k - 1));
    }
    let sum = 2;
    for (let i = 0; i < width; i++) {
      prediction[i] = state[top + i] * extra[width + i] + extra[2 * width + i];
      sum += Math.exp(prediction[i]);
    }
    const logSum = Math.log(sum);
    for (let i = 0; i < width; i++) total += sequence[(t + 1) * width + i] * (prediction[i] - logSum);
  }
  return -total / (times * width);
}

export const meanLossGradient = gradInto(meanLoss, { argnums: [0, 1] });

export const lstm: Module = {
  objective(input: Input) {
    const [main, extra] = [flat(input.main_params), flat(input.extra_params)];
    const [state, sequence] = [flat(input.state), flat(input.sequence)];
    const width = input.sequence[0].length;
    return repeat(input, () => meanLoss(main, extra, state, sequence, width));
  },
  jacobian(input: Input) {
    const [main, extra] = [flat(input.main_params), flat(input.extra_params)];
    const [state, sequence] = [flat(input.state), flat(input.sequence)];
    const width = input.sequence[0].length;
    const gradient: [Float64Array, Float64Array] = [main.slice(), extra.slice()];
    return repeat(
      input,
      () => meanLossGradient(gradient, main, extra, state, sequence, width),
      () => [...gradient[0], ...gradient[1]],
    );
  },
};
