import { page } from '@adjoint-examples/chart';
import { jacfwd, jacobian, jacrev } from 'adjoint';
import { type Experiment, random, timeOf } from './experiment.js';

/** A x, for a matrix with `rows` rows in one array. */
function product(x: Float64Array, A: Float64Array, rows: number): Float64Array {
  const y = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < x.length; j++) y[i] += A[i * x.length + j] * x[j];
  }
  return y;
}
const forward = jacfwd(product);
const reverse = jacrev(product);
const byShape = jacobian(product);

/** The Jacobian of f(x) = A x is A; forward mode finds it by columns, reverse mode by rows. */
export function crossoverExperiment(quick: boolean): Experiment {
  const size = quick ? 6 : 12;
  const tries = quick ? 3 : 20;
  const next = random(2);
  // the same number of entries, from a row to a column
  const shapes = Array.from({ length: size + 1 }, (_, k) => ({ rows: 2 ** k, columns: 2 ** (size - k) }));
  const times = shapes.map(({ rows, columns }) => {
    const A = Float64Array.from({ length: rows * columns }, () => next() - 0.5);
    const x = Float64Array.from({ length: columns }, () => next() - 0.5);
    for (let warm = 0; warm < tries; warm++) byShape(x, A, rows);
    return [forward, reverse, byShape].map((J) => timeOf(() => J(x, A, rows), tries));
  });
  const series = ['forward mode', 'reverse mode', 'jacobian (chooses)'].map((name, k) => ({
    name,
    points: shapes.map(({ rows, columns }, i): [number, number] => [rows / columns, times[i][k]]),
    dashed: k === 2,
  }));
  const [wide, tall] = [times[0], times[times.length - 1]];
  return {
    file: 'crossover.svg',
    finding:
      `for a row of ${2 ** size} entries forward mode takes ${(wide[0] / wide[1]).toFixed(0)} times as long as reverse, ` +
      `for a column reverse ${(tall[1] / tall[0]).toFixed(1)} times as long as forward`,
    picture: page('Forward or reverse?', `Jacobian of f(x) = A x, where A always has ${2 ** size} entries`, [
      {
        title: 'Few rows: reverse. Few columns: forward.',
        x: { label: 'rows / columns of A', log: true },
        y: { label: 'time of the Jacobian, microseconds', log: true },
        series,
      },
    ]),
  };
}
