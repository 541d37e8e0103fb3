// What the compiler tells of a derivative: what it stores and why, the bytes as a formula, what is fused.
import { expect, test, vi } from 'vitest';
import { compileSources } from '../../support/compile.js';

const program = (f: string) => `import { grad } from 'adjoint';\n${f}\nexport const g = grad(f);\n`;
const reportOf = (f: string): string => {
  const { diagnostics, report } = compileSources({ 'p.ts': program(f) });
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return report('p.ts');
};

test('values that go from trip to trip are stored once a trip, by the loops around', () => {
  const report = reportOf(`
function f(x: number[], n: number): number {
  let p = 1;
  for (let i = 0; i < n; i++) {
    p = p * x[0];
    for (let j = 0; j < 3; j++) p = Math.sin(p * x[j]);
  }
  return p;
}`);
  expect(report).toMatchInlineSnapshot(`
    "f: 8 * trips(5:3) + 8 * trips(5:3) * trips(7:5) bytes
      stores \`p\`: read by the reverse of 6:9; it goes from trip to trip
      stores \`p\`: read by the reverse of 7:46; it goes from trip to trip
      loop (5:3): not fused: \`pBar\` is more than a sum over the trips
      loop (7:5): not fused: the loop around it is not fused"
  `);
});
test('what can be computed or read again is not', () => {
  const report = reportOf(`
function f(x: number[], w: number[]): number {
  const y = [1, 2, 3];
  let s = 0;
  for (let i = 0; i < 3; i++) {
    s = Math.tanh(s + x[i] * w[i] * y[i]);
    y[i] = 2 * i;
  }
  return s;
}`);
  expect(report).toMatchInlineSnapshot(`
    "f: 16 * trips(6:3) bytes
      stores a value (7:37): read by the reverse of 7:23; what it was read from is written later
      stores \`s\`: read by the reverse of 7:9; computing it again costs more
      loop (6:3): not fused: \`sBar\` is more than a sum over the trips"
  `);
});
test('a fused loop has a certificate, private arrays in it too', () => {
  const report = reportOf(`
function f(x: Float64Array, w: number[]): number {
  const t = new Float64Array(3);
  let s = 0;
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < 3; j++) t[j] = Math.exp(x[i] * w[j]);
    s += t[0] * t[1] * t[2];
  }
  return s;
}`);
  expect(report).toMatchInlineSnapshot(`
    "f: no tape
      loop (7:5): not fused: \`tBar\` is used behind the loop
      loop (6:3): fused, \`tBar\` drained, \`xBar\` sum"
  `);
});
test('halves of functions store by the call, or run at once', () => {
  const report = reportOf(`
function power(x: number, n: number): number { return n === 0 ? 1 : x * power(x, n - 1); }
function steps(x: number, n: number): number { return n === 0 ? x : Math.sin(steps(x * x, n - 1)); }
function f(x: number): number { return power(x, 3) + steps(x, 2); }`);
  expect(report).toMatchInlineSnapshot(`
    "f: no tape
      call of power (5:40): both halves at once
      call of steps (5:54): other calls of it cannot
    power_vjp: no tape
      call of power (3:73): both halves at once
    steps_fwd: 8 bytes
      stores a value (4:78): read by the reverse of 4:69; a function gives it"
  `);
});
test('the option `dump` prints it', () => {
  const print = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    compileSources(
      { 'p.ts': program('const f = (x: number[]) => x.reduce((a, b) => a * b, 1);') },
      { dump: 'report' },
    );
    expect(print.mock.calls.join()).toMatchInlineSnapshot(`
      "; what grad(f) stores
      f: 8 * trips(p.ts:2:28) bytes
        stores \`total\`: read by the reverse of p.ts:2:47; it goes from trip to trip
        loop (p.ts:2:28): not fused: \`totalBar\` is more than a sum over the trips"
    `);
  } finally {
    print.mockRestore();
  }
});
