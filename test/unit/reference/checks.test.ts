/** The checks find what they are there to find: a right derivative passes, and each spoiled one is named. */
import { describe, expect, test } from 'vitest';
import {
  checkForward,
  checkGradForms,
  checkPullback,
  checkValueAndGrad,
  dotProduct,
  type Subject,
} from '../../support/checks.js';

const f = (v: number[], x: number): number => {
  v[0] *= x;
  return v[0] * v[1];
};
const subject: Subject = { f, args: [[2, 3], 0.5], argnums: [0, 1] };
type Tuple = [number[], number];

const valueAndGrad = (v: number[], x: number): [number, Tuple] => {
  const [a, b] = v;
  return [f(v, x), [[x * b, a * x], a * b]];
};
const vjp = (v: number[], x: number) => {
  const [value, [vBar, xBar]] = valueAndGrad(v, x);
  return [value, (c: number): Tuple => [vBar.map((g) => g * c), xBar * c]];
};
const jvp = ([v, x]: Tuple, [vDot, xDot]: Tuple) => {
  const [value, [vBar, xBar]] = valueAndGrad(v, x);
  return [value, vBar[0] * vDot[0] + vBar[1] * vDot[1] + xBar * xDot];
};
const outcome = checkValueAndGrad(subject, valueAndGrad);

describe('a right derivative', () => {
  test('passes every check', () => {
    const gradInto = (out: Tuple, v: number[], x: number) => {
      const [value, gradient] = valueAndGrad(v, x);
      out[0].splice(0, 2, ...gradient[0]);
      out[1] = gradient[1];
      return value;
    };
    const grad = (v: number[], x: number) => valueAndGrad(v, x)[1];
    expect(outcome.problems).toEqual([]);
    expect(checkGradForms(subject, outcome, { grad, gradInto })).toEqual([]);
    expect(checkPullback(subject, vjp, 1).problems).toEqual([]);
    expect(checkForward(subject, jvp, 1, dotProduct(outcome.gradient, 1e-12))).toEqual([]);
  });
  test('of one argument without options is no tuple', () => {
    const plain = checkValueAndGrad({ ...subject, argnums: undefined }, (v: number[], x: number) => {
      const [value, [gradient]] = valueAndGrad(v, x);
      return [value, gradient];
    });
    expect(plain.problems).toEqual([]);
    expect(plain.gradient).toEqual([[1.5, 1]]);
  });
});

describe('a spoiled derivative is found', () => {
  test.each([
    ['value', (v: number[], x: number) => [valueAndGrad(v, x)[0] + 1e-15, valueAndGrad([2, 3], x)[1]]],
    ['arguments after the call', (v: number[], x: number) => valueAndGrad([...v], x)],
    [
      'shape of the gradient',
      (v: number[], x: number) => [valueAndGrad(v, x)[0], [Float64Array.of(1.5, 1), 6]],
    ],
  ])('%s', (what, spoiled) => {
    expect(checkValueAndGrad(subject, spoiled).problems.join()).toContain(what);
  });
  test('second call', () => {
    let calls = 0;
    const spoiled = (v: number[], x: number) => [valueAndGrad(v, x)[0], [[1.5, 1], calls++]];
    expect(checkValueAndGrad(subject, spoiled).problems.join()).toContain('second call');
  });
  test('a pullback that empties its tape', () => {
    const spoiled = (v: number[], x: number) => {
      const [value, pullback] = vjp(v, x) as [number, (c: number) => Tuple];
      let tape = 1;
      return [value, (c: number) => pullback(c * tape--)];
    };
    expect(checkPullback(subject, spoiled, 1).problems.join()).toContain('pullback called twice');
  });
  test('a pullback that reads the arguments', () => {
    const spoiled = (v: number[], x: number) => [
      f(v, x),
      (c: number): Tuple => [[v[1] * x * c, v[0] * c], 6 * c],
    ];
    expect(checkPullback(subject, spoiled, 1).problems.join()).toContain('overwritten');
  });
  test('gradInto that adds', () => {
    const spoiled = (out: Tuple, v: number[], x: number) => {
      const [value, gradient] = valueAndGrad(v, x);
      gradient[0].forEach((g, i) => {
        out[0][i] += g;
      });
      out[1] += gradient[1];
      return value;
    };
    expect(checkGradForms(subject, outcome, { gradInto: spoiled }).join()).toContain('gradInto');
  });
  test('forward mode that forgets an argument', () => {
    const spoiled = ([v, x]: Tuple, [vDot]: Tuple) => jvp([v, x], [vDot, 0]);
    expect(checkForward(subject, spoiled, 1, dotProduct(outcome.gradient, 1e-9)).join()).toContain(
      'jvp: tangent 0',
    );
  });
});
