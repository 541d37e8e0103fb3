import { page } from '@adjoint-examples/chart';
import { gradInto } from 'adjoint';
import { type Experiment, normal, random } from './experiment.js';

/** Half the squared distance of A x from b, where A is diagonal with entries from 1 to 2: as easy as a problem can be. */
function loss(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const r = (1 + i / x.length) * x[i] - 1;
    sum += (r * r) / 2;
  }
  return sum;
}
const lossAndGradient = gradInto(loss);

/** A way to go down: a step from `x`, in place, and how many evaluations of the loss it takes. */
interface Method {
  readonly name: string;
  readonly evaluations: (n: number) => number;
  readonly step: (x: Float64Array, g: Float64Array) => void;
}
const RATE = 0.25;
/** A gradient costs about as much as three evaluations of the loss, whatever the dimension. */
const GRADIENT = 3;
const H = 1e-5;

function methods(): Method[] {
  const next = normal(random(5));
  const descend = (x: Float64Array, g: Float64Array, rate: number) => {
    for (let i = 0; i < x.length; i++) x[i] -= rate * g[i];
  };
  return [
    {
      name: 'gradient',
      evaluations: () => GRADIENT,
      step: (x, g) => {
        lossAndGradient(g, x);
        descend(x, g, RATE);
      },
    },
    {
      name: 'finite differences',
      evaluations: (n) => n + 1,
      step: (x, g) => {
        const here = loss(x);
        for (let i = 0; i < x.length; i++) {
          const kept = x[i];
          x[i] = kept + H;
          g[i] = (loss(x) - here) / H;
          x[i] = kept;
        }
        descend(x, g, RATE);
      },
    },
    {
      // Nesterov and Spokoiny 2017: the slope along one random direction; the step must be smaller by the dimension
      name: 'two points',
      evaluations: () => 2,
      step: (x, g) => {
        const u = x.map(() => next());
        const slope = (loss(x.map((v, i) => v + H * u[i])) - loss(x)) / H;
        for (let i = 0; i < x.length; i++) g[i] = slope * u[i];
        descend(x, g, RATE / (x.length + 4));
      },
    },
  ];
}

/** Losses against the evaluations spent, until the loss is `target` of the first, or `most` steps. */
function descend(method: Method, n: number, target: number, most: number): [number, number][] {
  const x = new Float64Array(n);
  const g = new Float64Array(n);
  const first = loss(x);
  const curve: [number, number][] = [[1, 1]];
  for (let k = 1; k <= most && curve[curve.length - 1][1] > target; k++) {
    method.step(x, g);
    curve.push([k * method.evaluations(n), loss(x) / first]);
  }
  return curve;
}

/** Gradient descent against descent that only evaluates the function. */
export function descentExperiment(quick: boolean): Experiment {
  const dimensions = quick ? [1, 4, 16] : [1, 2, 4, 8, 16, 32, 64, 128, 256];
  const n = quick ? 16 : 64;
  const costs = methods().map((method) => ({
    name: method.name,
    points: dimensions.map((d): [number, number] => {
      const curve = descend(method, d, 1e-6, 2e6);
      return [d, curve[curve.length - 1][0]];
    }),
  }));
  const curves = methods().map((method) => ({
    name: method.name,
    points: thinned(descend(method, n, 1e-6, 2e6)),
  }));
  const [ofGradient, ...others] = costs.map(({ points }) => points[points.length - 1][1]);
  const times = others.map((cost) => (cost / ofGradient).toFixed(0)).join(' and ');
  return {
    file: 'descent.svg',
    finding: `in ${dimensions[dimensions.length - 1]} dimensions differences and two points need ${times} times the evaluations`,
    picture: page(
      'What a gradient is worth',
      `Least squares to a millionth of the first loss; a gradient is counted as ${GRADIENT} evaluations`,
      [
        {
          title: `Descent in ${n} dimensions`,
          x: { label: 'evaluations of the loss', log: true },
          y: { label: 'loss, relative to the first', log: true },
          series: curves,
        },
        {
          title: 'The gap grows with the dimension',
          x: { label: 'dimension', log: true },
          y: { label: 'evaluations of the loss', log: true },
          series: costs,
        },
      ],
    ),
  };
}

/** At most some hundreds of points, closer together at the beginning. */
function thinned(curve: readonly [number, number][]): [number, number][] {
  return curve.filter((_, k) => k < 30 || k % Math.ceil(k / 30) === 0 || k === curve.length - 1);
}
