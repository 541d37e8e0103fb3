import { hvp, valueAndGrad } from 'adjoint';
import { type Flowers, INPUTS, SPECIES } from './data.js';
import { random } from './random.js';

/** One hidden layer: weights and biases, a row of weights for each neuron. */
export interface Network {
  readonly w1: Float64Array;
  readonly b1: Float64Array;
  readonly w2: Float64Array;
  readonly b2: Float64Array;
}

/** The scores of the species of one flower, into `scores`. */
function score(net: Network, flowers: Flowers, i: number, hidden: Float64Array, scores: Float64Array): void {
  for (let j = 0; j < hidden.length; j++) {
    let sum = net.b1[j];
    for (let k = 0; k < INPUTS; k++) sum += net.w1[j * INPUTS + k] * flowers.measurements[i * INPUTS + k];
    hidden[j] = Math.tanh(sum);
  }
  for (let c = 0; c < SPECIES; c++) {
    let sum = net.b2[c];
    for (let j = 0; j < hidden.length; j++) sum += net.w2[c * hidden.length + j] * hidden[j];
    scores[c] = sum;
  }
}

/** Mean of -log(probability of the true species): softmax and cross-entropy. */
export function loss(net: Network, flowers: Flowers): number {
  const hidden = new Float64Array(net.b1.length);
  const scores = new Float64Array(SPECIES);
  let total = 0;
  for (let i = 0; i < flowers.count; i++) {
    score(net, flowers, i, hidden, scores);
    let largest = scores[0];
    for (let c = 1; c < SPECIES; c++) largest = Math.max(largest, scores[c]);
    let sum = 0;
    for (let c = 0; c < SPECIES; c++) sum += Math.exp(scores[c] - largest);
    total += Math.log(sum) + largest - scores[flowers.species[i]];
  }
  return total / flowers.count;
}

/** The loss, and its gradient in all weights: generated code. */
export const lossAndGradient = valueAndGrad(loss);
/** The Hessian of the loss in the weights times a vector: generated code, and no Hessian. */
export const hessianTimes = hvp(loss);

/** The part of the flowers whose species has the largest score. */
export function accuracy(net: Network, flowers: Flowers): number {
  const hidden = new Float64Array(net.b1.length);
  const scores = new Float64Array(SPECIES);
  let right = 0;
  for (let i = 0; i < flowers.count; i++) {
    score(net, flowers, i, hidden, scores);
    if (scores.indexOf(Math.max(...scores)) === flowers.species[i]) right++;
  }
  return right / flowers.count;
}

/** Small random weights. */
export function newNetwork(neurons: number): Network {
  const next = random(1);
  const weights = (count: number, inputs: number) =>
    Float64Array.from({ length: count }, () => (2 * next() - 1) / Math.sqrt(inputs));
  return {
    w1: weights(neurons * INPUTS, INPUTS),
    b1: new Float64Array(neurons),
    w2: weights(SPECIES * neurons, neurons),
    b2: new Float64Array(SPECIES),
  };
}
