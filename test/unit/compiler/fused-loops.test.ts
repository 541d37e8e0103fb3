// Which loops run their adjoint in the same trips, and that a certificate which claims too much is refused.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type {
  Certificate,
  FusedLoop,
  LoopReport,
  SlotRole,
} from '../../../packages/compiler/src/6-record/certificate.js';
import { compileSources } from '../../support/compile.js';

/** What became of the loops of each function of a program, in the order of the text. */
function loopsOf(source: string, markers: readonly string[]): ReadonlyMap<string, readonly LoopReport[]> {
  const found = new Map<string, LoopReport[]>();
  const calls = markers.map((name) => `export const ${name}G = valueAndGrad(${name});`);
  const text = [`import { valueAndGrad } from 'adjoint';`, source, ...calls].join('\n');
  const { diagnostics } = compileSources(
    { 'p.ts': text },
    {
      observe: () => (pass, _, known) => {
        if (pass !== 'record') return;
        for (const [key, { loops }] of known?.plans ?? [])
          found.set(
            key.replace(/_.*/, ''),
            [...loops].sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0)),
          );
      },
    },
  );
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return found;
}
const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/loops/${name}/input.ts`, import.meta.url), 'utf8');
const outcomes = (source: string, names: readonly string[]) => {
  const loops = loopsOf(source, names);
  return Object.fromEntries(
    names.map((name) => [
      name,
      loops.get(name)!.map(({ outcome: o }) => (o.kind === 'fused' ? 'fused' : o.reason)),
    ]),
  );
};

describe('which loops are fused', () => {
  test('independent trips', () => {
    const names = ['pairs', 'scratch', 'solve', 'twoSlots', 'residuals', 'local', 'placed', 'odd', 'single'];
    const first = Object.entries(outcomes(fixture('fused'), names)).map(([name, list]) => [name, list[0]]);
    expect(Object.fromEntries(first)).toEqual(Object.fromEntries(names.map((name) => [name, 'fused'])));
  });

  test('why others are not', () => {
    const names = [
      'leaves',
      'norm',
      'chain',
      'written',
      'overwritten',
      'kept',
      'partly',
      'shared',
      'shorter',
    ];
    expect(outcomes(fixture('not-fused'), names)).toMatchInlineSnapshot(`
      {
        "chain": [
          "\`sBar\` is more than a sum over the trips",
        ],
        "kept": [
          "\`lastBar\` may hold something from trip to trip",
        ],
        "leaves": [
          "a trip of it may leave the loop",
        ],
        "norm": [
          "\`sBar\` is not known before the loop",
        ],
        "overwritten": [
          "\`xBar\` is used behind the loop",
        ],
        "partly": [
          "\`yBar\` may hold something from trip to trip",
          "the loop around it is not fused",
          "the loop around it is not fused",
        ],
        "shared": [
          "\`yBar\` may hold something from trip to trip",
        ],
        "shorter": [
          "\`yBar\` may hold something from trip to trip",
          "the loop around it is not fused",
          "the loop around it is not fused",
        ],
        "written": [
          "\`yBar\` is used behind the loop",
          "fused",
        ],
      }
    `);
  });

  test('none in a pullback, in check mode, or with the form switched off', () => {
    const text = (of: string) =>
      `import { ${of} } from 'adjoint';
       export const g = ${of}((x: number[]) => { let s = 0; for (const v of x) s += v * v * v; return s; });`;
    const code = (of: string, options = {}) =>
      compileSources({ 'p.ts': text(of) }, options).generated('p.ts');
    const border = '// reverse of the trip';
    expect(code('grad')).toContain(border);
    expect(code('vjp')).not.toContain(border);
    expect(code('grad', { check: true })).not.toContain(border);
    expect(code('grad', { cheapForms: false })).not.toContain(border);
  });
});

describe('the checker of certificates', () => {
  const source = `
    export function f(w: Float64Array, x: Float64Array, r: Float64Array, a: number): number {
      const unit = new Float64Array(3);
      let s = 0;
      for (let i = 0; i < x.length; i++) {
        for (let j = 0; j < 3; j++) unit[j] = Math.sin(w[j] * x[i] * a);
        const two = [x[i] * a, x[i] * x[i]];
        two[i % 2] *= w[0];
        r[i] = unit[i % 3] * two[0];
        s += r[i] * r[i] * two[1];
      }
      return s;
    }`;
  const [{ outcome }] = loopsOf(source, ['f']).get('f')!;
  const { certificate, objectionTo } = outcome as FusedLoop;
  const slots = [...certificate.slots];
  const claiming = (slot: string, role: SlotRole): Certificate => ({
    ...certificate,
    slots: new Map([...slots, [slot, role]]),
  });

  test('accepts what is right', () => {
    expect(objectionTo(certificate)).toBeUndefined();
    expect(certificate.carried).toContain('seed');
    expect(certificate.carried).toContain('sum');
    expect(new Set(certificate.slots.values())).toEqual(new Set(['sum', 'drained', 'own', 'fresh']));
  });
  test.each(slots)('refuses every stronger claim on slot %s, which is `%s`', (slot, role) => {
    const roles: SlotRole[] = ['fresh', 'sum', 'read', 'drained', 'own'];
    for (const other of roles.filter((r) => r !== role)) {
      // objects of one trip do not meet those of others in any way
      if (role === 'fresh') continue;
      // what is only added to is fine where it is also emptied
      expect(objectionTo(claiming(slot, other)), other).toBeTypeOf('string');
    }
  });
  test('refuses a slot that nothing is said of', () => {
    for (const [slot] of slots) {
      const rest = new Map(slots.filter(([s]) => s !== slot));
      expect(objectionTo({ ...certificate, slots: rest })).toMatch(/nothing is known/);
    }
  });
  test('refuses a sum called a seed, and a seed called a sum', () => {
    certificate.carried.forEach((role, k) => {
      const carried = certificate.carried.map((r, at) => (at !== k ? r : role === 'sum' ? 'seed' : 'sum'));
      expect(objectionTo({ ...certificate, carried })).toBeTypeOf('string');
    });
  });
  test('refuses a certificate of another loop', () => {
    expect(objectionTo({ ...certificate, loop: 999 as Certificate['loop'] })).toMatch(/another loop/);
    expect(objectionTo({ ...certificate, carried: certificate.carried.slice(1) })).toMatch(/another loop/);
  });
});
