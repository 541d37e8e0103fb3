import type { Flowers } from './data.js';
import { accuracy, lossAndGradient, type Network } from './network.js';

/** What is known after each epoch, and the time of one. */
export interface History {
  readonly losses: number[];
  readonly accuracies: number[];
  readonly msPerEpoch: number;
}

/** Gradient descent on all flowers at once: an epoch is a step. Changes the network. */
export function train(net: Network, learn: Flowers, test: Flowers, epochs: number, rate: number): History {
  const losses: number[] = [];
  const accuracies: number[] = [];
  let spent = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const started = performance.now();
    const [value, gradient] = lossAndGradient(net, learn);
    for (const name of ['w1', 'b1', 'w2', 'b2'] as const)
      for (let k = 0; k < net[name].length; k++) net[name][k] -= rate * gradient[name][k];
    spent += performance.now() - started;
    losses.push(value);
    accuracies.push(accuracy(net, test));
  }
  return { losses, accuracies, msPerEpoch: spent / epochs };
}
