// Random functions of loops over arrays, with and without fused loops: the same values to the bit, the same gradients to
// rounding. Many of the loops are fused, many others nearly could be.
import { expect, test } from 'vitest';
import { compileSources } from '../../support/compile.js';
import { type AnyFunction, randomNumbers } from '../../support/numeric.js';

const seed = Number(process.env.LOOPS_SEED ?? Date.now() % 1e6);
const COUNT = 24;
const numbers = randomNumbers(seed);
const random = (): number => (numbers() + 1) / 2;
const chance = (p: number): boolean => random() < p;
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
type Vars = readonly string[];

const index = (vars: Vars): string => {
  const v = pick(vars);
  return pick([v, v, '0', '1', `(${v} + 1) % x.length`, `${v} % 2`]);
};
/** `x`, `w`: only read, as a rule; `r`: of the caller too; `y`, `z`: scratch; `q`: as long as `x`. */
function read(vars: Vars): string {
  const all = ['a', 'a', `x[${pick(vars)}]`, `x[${pick(vars)}]`, `w[${index(vars)} % 3]`];
  const scratch = [`y[${index(vars)} % 3]`, `z[${pick(['0', '1'])}]`];
  const shared = ['t', `r[${index(vars)}]`, `q[${index(vars)}]`];
  return pick([...all, ...(chance(0.5) ? scratch : []), ...(chance(0.3) ? shared : [])]);
}
function expression(vars: Vars, depth = 2): string {
  if (depth === 0 || chance(0.2)) return read(vars);
  const inner = () => expression(vars, depth - 1);
  return pick([
    () => `${inner()} * ${read(vars)}`,
    () => `(${inner()} + ${inner()})`,
    () => `Math.sin(${inner()})`,
    () => `0.5 * ${inner()}`,
  ])();
}
function statement(vars: Vars): string {
  const e = (more: Vars = []) => expression([...vars, ...more]);
  const i = vars[0];
  return pick([
    () => `s += ${e()};`,
    () => `s -= ${e()};`,
    () => `for (let j = 0; j < d; j++) y[j] = ${e(['j'])};`,
    () =>
      `for (let j = 0; j < d; j++) { let v = ${e(['j'])}; for (let k = 0; k < j; k++) v += y[k] * w[k]; y[j] = v; }`,
    () => `for (let j = 0; j < d; j++) s += y[j] * ${e(['j'])};`,
    () =>
      `for (let j = ${pick(['0', '1'])}; j < ${pick(['d', 'x.length', '2'])}; j++) { ${statement([...vars, 'j'])} }`,
    () => `z[0] = ${e()}; z[1] = ${e()};`,
    () => `z[${pick(['0', '1'])}] = ${e()};`,
    () => `y[${index(vars)} % 3] ${pick(['=', '+='])} ${e()};`,
    () => `r[${i}] ${pick(['=', '=', '+='])} ${e()};`,
    () => `q[${index(vars)}] = ${e()};`,
    () => `if (${read(vars)} > 0.3) { ${statement(vars)} } else { ${statement(vars)} }`,
    () => `if (${read(vars)} > 0.7) ${chance(0.9) ? 'continue' : 'break'};`,
    () => `{ const p = [${e()}, ${e()}]; p[${i} % 2] *= a; s += p[0] * p[1]; }`,
    () => `t = ${e()};`,
  ])();
}
function loop(): string {
  const body = Array.from({ length: 1 + Math.floor(random() * 4) }, () => statement(['i']));
  return `for (let i = 0; i < x.length; i++) { ${body.join(' ')} s += ${expression(['i'])}; }`;
}
const between = ['x[0] = a * x[1];', 'r[1] *= 2;', 's *= 2;', 's += y[1];', 'z[0] = a;'];
const program = (name: string): string => `
  export function ${name}(x: Float64Array, r: Float64Array, w: Float64Array, a: number, d: number): number {
    const y = new Float64Array(${pick(['d', 'd', '3'])});
    const z = new Float64Array(2);
    const q = new Float64Array(x.length);
    let s = ${pick(['0', 'a'])};
    let t = 1;
    ${chance(0.1) ? 'if (a > 0.5) return a;' : ''}
    ${Array.from({ length: 1 + Math.floor(random() * 3) }, () => (chance(0.8) ? loop() : pick(between))).join('\n    ')}
    return ${pick(['s', 's', 's / x.length', '2 * s - a', 's * s', 's + z[0] * y[0]', 's + x[0] * r[0]'])};
  }
  export const ${name}G = valueAndGrad(${name}, { argnums: [0, 1, 2, 3] });`;

test(`LOOPS_SEED=${seed}`, async () => {
  const names = Array.from({ length: COUNT }, (_, k) => `f${k}`);
  const programs = names.map(program);
  const sources = { 'p.ts': [`import { valueAndGrad } from 'adjoint';`, ...programs].join('\n') };
  let fused = 0;
  const all = compileSources(sources, {
    observe: () => (pass, _, known) => {
      const loops = pass === 'record' ? [...(known?.plans?.values() ?? [])].flatMap((p) => p.loops) : [];
      fused += loops.filter(({ outcome }) => outcome.kind === 'fused').length;
    },
  });
  const without = compileSources(sources, {
    cheapForms: ['scalars', 'lateShadows', 'countedLoops', 'recomputation', 'deadForward', 'selfUpdates'],
  });
  expect(all.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  const [one, other] = await Promise.all([all.load('p.ts'), without.load('p.ts')]);
  expect(fused).toBeGreaterThan(COUNT / 4);
  for (const [k, name] of names.entries())
    for (const length of [0, 3, 4]) {
      const given = Array.from({ length: 2 * length + 4 }, () => 2 * random() - 1);
      const outcome = (f: unknown): number[] => {
        const vector = (from: number, to: number) => Float64Array.from(given.slice(from, to));
        const [a, n] = [given[2 * length + 3], length];
        const args = [vector(0, n), vector(n, 2 * n), vector(2 * n, 2 * n + 3), a, 3];
        const [value, gradients] = (f as AnyFunction)(...args) as [number, (Float64Array | number)[]];
        return [value, ...gradients.flatMap((g) => (typeof g === 'number' ? [g] : [...g]))];
      };
      const [mine, expected] = [one, other].map((m) => outcome(m[`${name}G`]));
      const scale = Math.max(1, ...expected.filter(Number.isFinite).map(Math.abs));
      const differs = expected.findIndex((v, at) =>
        at === 0
          ? !Object.is(v, mine[at])
          : !Object.is(v, mine[at]) && !(Math.abs(v - mine[at]) <= 1e-9 * scale),
      );
      expect({ differs, mine, expected }, programs[k]).toMatchObject({ differs: -1 });
    }
}, 120_000);
