import { page } from '@adjoint-examples/chart';
import { grad } from 'adjoint';
import type { Experiment } from './experiment.js';

const f = (x: number): number => Math.exp(Math.sin(3 * x)) / (1 + x * x);
const slope = grad(f);
/** Worked by hand. */
const exact = (x: number): number => {
  const v = f(x);
  return v * (3 * Math.cos(3 * x) - (2 * x) / (1 + x * x));
};

/** Finite differences: too large a step cuts off the curve, too small a one the digits. */
export function stepSizeExperiment(quick: boolean): Experiment {
  const x = 0.7;
  const wanted = exact(x);
  const errorOf = (found: number): number => Math.max(Math.abs(found / wanted - 1), 2 ** -54);
  const perDecade = quick ? 2 : 8;
  const steps = Array.from({ length: 16 * perDecade + 1 }, (_, k) => 10 ** (-k / perDecade));
  const byAdjoint = errorOf(slope(x));
  const forward = steps.map((h): [number, number] => [h, errorOf((f(x + h) - f(x)) / h)]);
  const central = steps.map((h): [number, number] => [h, errorOf((f(x + h) - f(x - h)) / (2 * h))]);
  const least = (list: readonly [number, number][]) => Math.min(...list.map(([, e]) => e)).toExponential(0);
  return {
    file: 'step-size.svg',
    finding:
      `relative error ${byAdjoint.toExponential(1)} by generated code; at best ${least(forward)} by forward and ` +
      `${least(central)} by central differences`,
    picture: page('No step size is right', 'Derivative of exp(sin 3x) / (1 + x²) at 0.7', [
      {
        title: 'Error against step size',
        x: { label: 'step h', log: true },
        y: { label: 'relative error', log: true },
        series: [
          { name: '(f(x+h) - f(x)) / h', points: forward },
          { name: '(f(x+h) - f(x-h)) / 2h', points: central },
          { name: 'adjoint', points: steps.map((h): [number, number] => [h, byAdjoint]), dashed: true },
        ],
      },
    ]),
  };
}
