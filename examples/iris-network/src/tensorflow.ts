// The same network, from the same weights, by TensorFlow.js in plain JavaScript: arrays of 32-bit numbers, and a tape.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-backend-cpu';
import { type Flowers, INPUTS, SPECIES } from './data.js';
import type { Network } from './network.js';
import type { History } from './train.js';

export async function trainByTensorFlow(
  net: Network,
  learn: Flowers,
  test: Flowers,
  epochs: number,
  rate: number,
): Promise<History> {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  const neurons = net.b1.length;
  const matrix = (numbers: Float64Array, rows: number, columns: number) =>
    tf.tensor2d(Float32Array.from(numbers), [rows, columns]);
  const w1 = tf.variable(matrix(net.w1, neurons, INPUTS));
  const b1 = tf.variable(tf.tensor1d(Float32Array.from(net.b1)));
  const w2 = tf.variable(matrix(net.w2, SPECIES, neurons));
  const b2 = tf.variable(tf.tensor1d(Float32Array.from(net.b2)));
  const scores = (x: tf.Tensor2D): tf.Tensor2D => {
    const hidden = tf.tanh(tf.add(tf.matMul(x, w1, false, true), b1)) as tf.Tensor2D;
    return tf.add(tf.matMul(hidden, w2, false, true), b2);
  };
  const measurementsOf = (flowers: Flowers) => matrix(flowers.measurements, flowers.count, INPUTS);
  const [x, xOfTest] = [measurementsOf(learn), measurementsOf(test)];
  const species = tf.oneHot(tf.tensor1d(learn.species, 'int32'), SPECIES);
  const descent = tf.train.sgd(rate);
  const losses: number[] = [];
  const accuracies: number[] = [];
  let spent = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const started = performance.now();
    const value = descent.minimize(
      () => tf.losses.softmaxCrossEntropy(species, scores(x)) as tf.Scalar,
      true,
    );
    spent += performance.now() - started;
    losses.push(value!.dataSync()[0]);
    value!.dispose();
    const guesses = tf.tidy(() => Array.from(tf.argMax(scores(xOfTest), 1).dataSync()));
    accuracies.push(guesses.filter((c, i) => c === test.species[i]).length / test.count);
  }
  return { losses, accuracies, msPerEpoch: spent / epochs };
}
