// Which calls run both halves at once, and that a certificate which claims too much is refused.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { LoopReport, SlotRole } from '../../../packages/compiler/src/6-record/certificate.js';
import type { CallAtOnce, CallReport } from '../../../packages/compiler/src/6-record/halves.js';
import { compileSources } from '../../support/compile.js';

const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/${name}/input.ts`, import.meta.url), 'utf8');

/** What became of the loops and calls in the derivative of a function, in the functions that it calls too. */
function plansOf(
  source: string,
  name: string,
): { loops: readonly LoopReport[]; calls: readonly CallReport[] } {
  let found: readonly { loops: readonly LoopReport[]; calls: readonly CallReport[] }[] = [];
  const call = `export const g = valueAndGrad(${name});`;
  const { diagnostics } = compileSources(
    { 'p.ts': [`import { valueAndGrad } from 'adjoint';`, source, call].join('\n') },
    {
      observe: () => (pass, _, known) => {
        if (pass === 'record') found = [...(known?.plans?.values() ?? [])];
      },
    },
  );
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return { loops: found.flatMap((p) => p.loops), calls: found.flatMap((p) => p.calls) };
}
const said = (reports: readonly (LoopReport | CallReport)[]): readonly string[] => [
  ...new Set(reports.map(({ outcome: o }) => (o.kind === 'apart' ? o.reason : o.kind))),
];
const outcomes = (source: string, names: readonly string[]) =>
  Object.fromEntries(
    names.map((name) => {
      const { loops, calls } = plansOf(source, name);
      return [name, { loops: said(loops), calls: said(calls) }];
    }),
  );

describe('which calls run both halves at once', () => {
  test('cotangents known before', () => {
    const names = ['tree', 'integral', 'scratch', 'views'];
    const found = outcomes(fixture('recursion/at-once'), names);
    for (const name of names) expect(found[name].calls, name).toEqual(['at once']);
  });
  test('why others do not', () => {
    const names = ['product', 'caught', 'changed', 'objects', 'shared'];
    expect(outcomes(fixture('recursion/at-once'), names)).toMatchInlineSnapshot(`
      {
        "caught": {
          "calls": [],
          "loops": [
            "\`sBar\` is more than a sum over the trips",
          ],
        },
        "changed": {
          "calls": [
            "other calls of it cannot",
          ],
          "loops": [
            "\`outBar\` is used in later trips",
          ],
        },
        "objects": {
          "calls": [],
          "loops": [
            "its reverse calls a function: \`vBar\` is used behind the call",
          ],
        },
        "product": {
          "calls": [
            "what comes to it is not known before the call",
          ],
          "loops": [],
        },
        "shared": {
          "calls": [],
          "loops": [
            "\`tmpBar\` is used in later trips",
          ],
        },
      }
    `);
  });
  test('in loops, which are fused for it', () => {
    const names = ['twice', 'chained', 'chosen', 'stepped', 'rewritten'];
    expect(outcomes(fixture('loops/calls-inside'), names)).toMatchInlineSnapshot(`
      {
        "chained": {
          "calls": [],
          "loops": [
            "its reverse calls a function: what comes to it is not known before the call",
          ],
        },
        "chosen": {
          "calls": [
            "at once",
          ],
          "loops": [
            "fused",
            "\`aBar\` is not known before the loop",
            "\`bBar\` is not known before the loop",
          ],
        },
        "rewritten": {
          "calls": [],
          "loops": [
            "\`outBar\` is used in later trips",
          ],
        },
        "stepped": {
          "calls": [],
          "loops": [
            "\`sBar\` is more than a sum over the trips",
            "the loop around it is not fused",
          ],
        },
        "twice": {
          "calls": [
            "at once",
          ],
          "loops": [
            "fused",
            "\`aBar\` is not known before the loop",
            "\`bBar\` is not known before the loop",
          ],
        },
      }
    `);
  });
});

describe('the checker of certificates', () => {
  const [{ outcome }] = plansOf(fixture('recursion/at-once'), 'scratch').calls;
  const { certificate, objectionTo } = outcome as CallAtOnce;
  const slots = [...certificate.slots];

  test('accepts what is right', () => {
    expect(objectionTo(certificate)).toBeUndefined();
    expect(new Set(certificate.slots.values())).toEqual(new Set(['sum', 'fresh']));
  });
  test.each(slots.filter(([, role]) => role !== 'fresh'))('refuses other claims on slot %s', (slot, role) => {
    const roles: SlotRole[] = ['fresh', 'sum', 'read', 'drained', 'own'];
    for (const other of roles.filter((r) => r !== role))
      expect(objectionTo({ ...certificate, slots: new Map([...slots, [slot, other]]) }), other).toBeTypeOf(
        'string',
      );
  });
  test('refuses a slot that nothing is said of, and another call', () => {
    for (const [slot] of slots) {
      const rest = new Map(slots.filter(([s]) => s !== slot));
      expect(objectionTo({ ...certificate, slots: rest })).toMatch(/nothing is known/);
    }
    expect(objectionTo({ ...certificate, callee: 'other' })).toMatch(/another call/);
  });
});
