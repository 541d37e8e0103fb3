/** Gradients for `main` and `extra`. */
type Gradients = readonly [Float64Array, Float64Array];

let tape = new Float64Array(0);

/** What is kept of a cell: input, old hidden state, old cell, the four gates, tanh of the new cell. */
const CELL = 8;

/**
 * Writes the gradients into `out` and returns the value. Keeps the values of all gates (an exp costs more than a store),
 * and the exponentials and the last hidden states of each character.
 */
export function lstmByHand(
  [mainBar, extraBar]: Gradients,
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
  const size = (count - 1) * b * (CELL * layers + 2);
  if (tape.length < size) tape = new Float64Array(size);
  const kept = tape;
  let top = 0;
  let total = 0;
  for (let t = 0; t < count - 1; t++) {
    for (let i = 0; i < b; i++) x[i] = text[t * b + i] * extra[i];
    for (let l = 0; l < layers; l++) {
      const weights = l * 8 * b;
      const biases = weights + 4 * b;
      const hidden = l * 2 * b;
      const cells = hidden + b;
      for (let i = 0; i < b; i++) {
        const input = x[i];
        const before = state[hidden + i];
        const cell = state[cells + i];
        const forget = sigmoid(input * main[weights + i] + main[biases + i]);
        const ingate = sigmoid(before * main[weights + b + i] + main[biases + b + i]);
        const outgate = sigmoid(input * main[weights + 2 * b + i] + main[biases + 2 * b + i]);
        const change = Math.tanh(before * main[weights + 3 * b + i] + main[biases + 3 * b + i]);
        const next = cell * forget + ingate * change;
        const squashed = Math.tanh(next);
        kept[top] = input;
        kept[top + 1] = before;
        kept[top + 2] = cell;
        kept[top + 3] = forget;
        kept[top + 4] = ingate;
        kept[top + 5] = outgate;
        kept[top + 6] = change;
        kept[top + 7] = squashed;
        top += CELL;
        state[cells + i] = next;
        state[hidden + i] = outgate * squashed;
        x[i] = state[hidden + i];
      }
    }
    let sum = 2;
    for (let i = 0; i < b; i++) {
      kept[top] = x[i];
      x[i] = x[i] * extra[b + i] + extra[2 * b + i];
      const e = Math.exp(x[i]);
      kept[top + 1] = e;
      top += 2;
      sum += e;
    }
    const normaliser = Math.log(sum);
    for (let i = 0; i < b; i++) total += text[(t + 1) * b + i] * (x[i] - normaliser);
  }

  const seed = -1 / ((count - 1) * b);
  const stateBar = state.fill(0);
  const xBar = x;
  mainBar.fill(0);
  extraBar.fill(0);
  for (let t = count - 2; t >= 0; t--) {
    let sum = 2;
    let normaliserBar = 0;
    for (let i = 0; i < b; i++) {
      top -= 2;
      sum += kept[top + 1];
      normaliserBar -= seed * text[(t + 1) * b + i];
    }
    const sumBar = normaliserBar / sum;
    for (let i = 0; i < b; i++) {
      const outputBar = seed * text[(t + 1) * b + i] + sumBar * kept[top + 2 * i + 1];
      extraBar[2 * b + i] += outputBar;
      extraBar[b + i] += outputBar * kept[top + 2 * i];
      xBar[i] = outputBar * extra[b + i];
    }
    for (let l = layers - 1; l >= 0; l--) {
      const weights = l * 8 * b;
      const biases = weights + 4 * b;
      const hidden = l * 2 * b;
      const cells = hidden + b;
      for (let i = b - 1; i >= 0; i--) {
        top -= CELL;
        const input = kept[top];
        const before = kept[top + 1];
        const cell = kept[top + 2];
        const forget = kept[top + 3];
        const ingate = kept[top + 4];
        const outgate = kept[top + 5];
        const change = kept[top + 6];
        const squashed = kept[top + 7];
        const hiddenBar = stateBar[hidden + i] + xBar[i];
        const nextBar = stateBar[cells + i] + hiddenBar * outgate * (1 - squashed * squashed);
        const u = hiddenBar * squashed * outgate * (1 - outgate);
        const f = nextBar * cell * forget * (1 - forget);
        const g = nextBar * change * ingate * (1 - ingate);
        const c = nextBar * ingate * (1 - change * change);
        mainBar[biases + i] += f;
        mainBar[biases + b + i] += g;
        mainBar[biases + 2 * b + i] += u;
        mainBar[biases + 3 * b + i] += c;
        mainBar[weights + i] += f * input;
        mainBar[weights + b + i] += g * before;
        mainBar[weights + 2 * b + i] += u * input;
        mainBar[weights + 3 * b + i] += c * before;
        xBar[i] = f * main[weights + i] + u * main[weights + 2 * b + i];
        stateBar[hidden + i] = g * main[weights + b + i] + c * main[weights + 3 * b + i];
        stateBar[cells + i] = nextBar * forget;
      }
    }
    for (let i = 0; i < b; i++) extraBar[i] += xBar[i] * text[t * b + i];
  }
  return -total / ((count - 1) * b);
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
