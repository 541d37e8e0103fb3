/** Second derivatives of the functions of a fixture: forward mode over each gradient, and reverse mode over it. */
import {
  type Agreement,
  compareLeaves,
  cotangentOf,
  differenceOf,
  isFusedInside,
  near,
  tangentsOf,
} from './checks.js';
import { type CompileOptions, compileSources, type Sources } from './compile.js';
import type { Fixture, FixtureCase, Site } from './fixture.js';
import { type AnyFunction, directionalDifferences, dot, hashText } from './numeric.js';
import { cloneTree, leafValues } from './tree.js';

/** What cannot be differentiated twice yet: maps, types inside themselves. */
const REFUSED = new Set(['AD1010']);
const STEPS = [0.05, 3e-3, 1e-4];

type Derivatives = Record<string, AnyFunction>;

/** `refused`: the names of the sites that were refused. */
export interface SecondOrder {
  readonly derivatives: Derivatives;
  readonly refused: readonly string[];
  /** Of a gradient with the same one inside of another derivative. */
  readonly agreement: Agreement;
}

export async function buildSecondOrder(
  fixture: Fixture,
  sites: readonly Site[],
  compile: CompileOptions,
): Promise<SecondOrder> {
  const scalar = sites.filter((s) => !s.vector);
  const all = await build(fixture, scalar, compile);
  const agreement = agreementOf(fixture, compile);
  if (all !== undefined) return { derivatives: all, refused: [], agreement };
  const derivatives: Derivatives = {};
  const refused: string[] = [];
  for (const site of scalar) {
    const one = await build(fixture, [site], compile);
    if (one === undefined) refused.push(site.name);
    else Object.assign(derivatives, one);
  }
  return { derivatives, refused, agreement };
}

export const agreementOf = ({ sources }: Fixture, { check = false }: CompileOptions): Agreement =>
  Object.values(sources).some((text) => isFusedInside(text, check)) ? 'rounded' : 'zeros';

/** Undefined if something was refused. */
async function build(
  fixture: Fixture,
  sites: readonly Site[],
  compile: CompileOptions,
): Promise<Derivatives | undefined> {
  if (sites.length === 0) return {};
  const compiled = compileSources({ ...fixture.sources, ...secondOrderSources(sites) }, compile);
  const errors = compiled.diagnostics.filter((d) => d.severity === 'error');
  if (errors.some((d) => !REFUSED.has(d.code)))
    throw new Error(errors.map((d) => `${d.code} ${d.message}`).join('\n'));
  return errors.length > 0 ? undefined : ((await compiled.load('second.ts')) as Derivatives);
}

/** The file that takes second derivatives. */
export function secondOrderSources(sites: readonly Site[]): Sources {
  const imported = [...new Set(sites.map((s) => s.fn))].join(', ');
  const lines = sites.flatMap((s) => {
    const options = s.argnums ? `, { argnums: [${s.argnums.join(', ')}] }` : '';
    const gradient = `grad(${s.fn}${options})`;
    return [
      `export const ${s.name}_first = ${gradient};`,
      `export const ${s.name}_forward = jvp(${gradient});`,
      `export const ${s.name}_reverse = vjp(${gradient});`,
    ];
  });
  const head = `import { grad, jvp, vjp } from 'adjoint';\nimport { ${imported} } from './input.js';`;
  return { 'second.ts': `${head}\n${lines.join('\n')}\n` };
}

/**
 * The gradient along a direction against its differences, and the pullback of the gradient against that; the gradient inside of
 * each is the gradient.
 */
export function checkSecondOrder(
  site: Site,
  one: FixtureCase,
  { derivatives, agreement }: SecondOrder,
): string[] {
  const [first, forward, reverse] = ['first', 'forward', 'reverse'].map(
    (k) => derivatives[`${site.name}_${k}`],
  );
  if (forward === undefined || one.fd === false) return [];
  const subject = { f: first, args: one.args, argnums: site.argnums };
  const { tangents, flat } = tangentsOf(subject, hashText(site.name));
  const [inForward, tangent] = forward(cloneTree(one.args), tangents) as [unknown, unknown];
  const along = leafValues(tangent);
  const positions = site.argnums ?? [0];
  // a gradient has the order of its argument, and inside of another derivative that of the type
  const inOrder: AnyFunction = (...args) => byKeys(first(...args));
  const wanted = directionalDifferences(inOrder, one.args, positions, flat, STEPS);
  const top = wanted.reduce((m, w) => Math.max(m, Math.abs(w.value)), 1);
  // at a jump of the slope differences know nothing
  const sure = wanted.map((w) => (w.error < 1e-4 * top ? w : { ...w, error: Infinity }));
  const problems = compareLeaves('gradient along a direction', byKeys(tangent), sure, 1e-5);

  const [gradient, pullback] = reverse(...cloneTree(one.args)) as [unknown, (c: unknown) => unknown[]];
  const cotangent = cotangentOf(gradient, hashText(site.name) + 1);
  const pulled = pullback(cotangent);
  const back = positions.flatMap((k) => leafValues(pulled[k]));
  const left = dot(back, flat);
  const right = dot(leafValues(cotangent), along);
  if (!near(left.value, right.value, 1e-9 * (left.scale + right.scale) + 1e-12))
    problems.push(`reverse over reverse gives ${left.value} where forward over reverse gives ${right.value}`);

  const alone = first(...cloneTree(one.args));
  for (const [what, value] of [
    ['forward', inForward],
    ['reverse', gradient],
  ] as const) {
    const difference = differenceOf(value, alone, agreement);
    if (difference !== undefined)
      problems.push(`the gradient inside of ${what} mode is not the gradient: ${difference}`);
  }
  return problems;
}

/** Plain objects with their keys in alphabetical order. */
function byKeys(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(byKeys);
  if (x === null || typeof x !== 'object' || Object.getPrototypeOf(x) !== Object.prototype) return x;
  const entries = Object.entries(x).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, byKeys(value)]));
}
