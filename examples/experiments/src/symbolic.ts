import { readFileSync } from 'node:fs';
import { page } from '@adjoint-examples/chart';
import { grad } from 'adjoint';
import { derivative, parse } from 'mathjs';
import type { Experiment } from './experiment.js';

/** The logistic map l -> 4 l (1 - l), `times` times. */
export function iterated(x: number, times: number): number {
  let l = x;
  for (let k = 0; k < times; k++) l = 4 * l * (1 - l);
  return l;
}
const slope = grad(iterated);

/** The same as one expression, in which x stands ever more often. */
function expressionOf(times: number): string {
  let l = 'x';
  for (let k = 0; k < times; k++) l = `4 * (${l}) * (1 - (${l}))`;
  return l;
}

/** The text of the generated function in this file as it was built. */
function generatedText(): string {
  const text = readFileSync(new URL('./symbolic.js', import.meta.url), 'utf8');
  return /^function iterated_grad\b[\s\S]*?^\}/m.exec(text)?.[0] ?? '';
}

/** Derivatives by rules on expressions against derivatives by rules on programs. */
export function symbolicExperiment(quick: boolean): Experiment {
  const most = quick ? 3 : 6;
  const counts = Array.from({ length: most }, (_, k) => k + 1);
  const code = generatedText();
  const sizes = counts.map((times) => {
    const text = expressionOf(times);
    const symbolic = derivative(text, 'x', { simplify: false });
    const [ours, theirs] = [slope(0.3, times), symbolic.evaluate({ x: 0.3 }) as number];
    if (!(Math.abs(ours - theirs) <= 1e-9 * Math.abs(theirs)))
      throw new Error(`the derivatives differ: ${ours} and ${theirs}`);
    return { times, expression: parse(text).toString().length, symbolic: symbolic.toString().length };
  });
  const last = sizes[sizes.length - 1];
  return {
    file: 'symbolic.svg',
    finding:
      `after ${most} iterations the symbolic derivative has ${last.symbolic} characters; ` +
      `the generated code has ${code.length} for any number of them`,
    picture: page(
      'A derivative of a program is a program',
      'The iterated logistic map l -> 4 l (1 - l): size of its derivative',
      [
        {
          title: 'Characters of text',
          x: { label: 'iterations' },
          y: { label: 'characters', log: true },
          series: [
            {
              name: 'symbolic derivative (mathjs)',
              points: sizes.map((s): [number, number] => [s.times, s.symbolic]),
            },
            {
              name: 'the expression itself',
              points: sizes.map((s): [number, number] => [s.times, s.expression]),
              dashed: true,
            },
            {
              name: 'generated code',
              points: sizes.map((s): [number, number] => [s.times, code.length]),
            },
          ],
        },
      ],
    ),
  };
}
