import { writeFileSync } from 'node:fs';
import { page } from '@adjoint-examples/chart';
import { readFlowers } from './data.js';
import { newNetwork } from './network.js';
import { trainByTensorFlow } from './tensorflow.js';
import { estimateTrace } from './trace.js';
import { train } from './train.js';

const quick = process.argv.includes('--quick');
const EPOCHS = quick ? 30 : 400;
const VECTORS = quick ? 20 : 300;
const NEURONS = 16;
const RATE = 0.3;

const { learn, test } = readFlowers();
const start = newNetwork(NEURONS);
const weights = Object.values(start).reduce((n, list: Float64Array) => n + list.length, 0);
console.log(
  `A network of ${weights} weights learns the species of ${learn.count} irises, ${EPOCHS} epochs\n`,
);

const net = newNetwork(NEURONS);
const own = train(net, learn, test, EPOCHS, RATE);
const theirs = await trainByTensorFlow(start, learn, test, EPOCHS, RATE);
const last = (list: readonly number[]) => list[list.length - 1];
console.log('                   last loss   right of 30 others   time per epoch');
for (const [name, h] of [
  ['adjoint', own],
  ['TensorFlow.js', theirs],
] as const)
  console.log(
    `  ${name.padEnd(15)} ${last(h.losses).toFixed(6).padStart(10)} ${(100 * last(h.accuracies)).toFixed(1).padStart(18)} %` +
      ` ${h.msPerEpoch.toFixed(3).padStart(13)} ms`,
  );
const apart = Math.max(...own.losses.map((v, k) => Math.abs(v - theirs.losses[k])));
console.log(
  `  largest distance of the two losses: ${apart.toExponential(1)} (TensorFlow.js has 32-bit numbers)\n`,
);

const trace = estimateTrace(net, learn, VECTORS);
const { mean, error } = trace.means[VECTORS - 1];
console.log(`Trace of the Hessian: ${trace.exact.toFixed(4)} by ${weights} products, one for each weight`);
console.log(`  by ${VECTORS} random vectors: ${mean.toFixed(4)} +- ${error.toFixed(4)}`);

const points = (list: readonly number[]) => list.map((v, k) => [k + 1, v] as const);
const curves = (of: (h: typeof own) => readonly number[]) => [
  { name: 'adjoint', points: points(of(own)) },
  { name: 'TensorFlow.js', points: points(of(theirs)), dashed: true },
];
writeFileSync(
  new URL('./training.svg', import.meta.url),
  page(
    'A network learns the species of irises',
    `${weights} weights, gradient descent from the same weights; time per epoch: adjoint ${own.msPerEpoch.toFixed(2)} ms, ` +
      `TensorFlow.js ${theirs.msPerEpoch.toFixed(2)} ms`,
    [
      {
        title: 'Loss on 120 flowers',
        x: { label: 'epoch' },
        y: { label: 'cross-entropy', log: true },
        series: curves((h) => h.losses),
      },
      {
        title: 'Accuracy on 30 others',
        x: { label: 'epoch' },
        y: { label: 'right, %' },
        series: curves((h) => h.accuracies.map((a) => 100 * a)),
      },
    ],
  ),
);
writeFileSync(
  new URL('./trace.svg', import.meta.url),
  page('Trace of the Hessian of the loss', 'Hutchinson: the mean of v . H v over random signs v, by hvp', [
    {
      title: `${weights} by ${weights}, never formed`,
      x: { label: 'products H v' },
      y: { label: 'trace' },
      series: [
        {
          name: 'estimate, with two standard errors',
          points: trace.means.map((m, k) => [k + 1, m.mean]),
          band: trace.means.flatMap((m, k) =>
            k > 3 ? [[k + 1, m.mean - 2 * m.error, m.mean + 2 * m.error] as const] : [],
          ),
        },
        {
          name: 'exact',
          points: [
            [1, trace.exact],
            [VECTORS, trace.exact],
          ],
          dashed: true,
        },
      ],
    },
  ]),
);
console.log('\nWritten: examples/iris-network/dist/training.svg, trace.svg');
