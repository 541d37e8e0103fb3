/** The generator itself: programs type-check, end, and mostly give finite values. */
import { expect, test } from 'vitest';
import { loadPlainModules, typeCheck } from '../support/compile.js';
import { jacobianByDifferences } from '../support/numeric.js';
import { leafValues } from '../support/tree.js';
import { samplePrograms } from './generate.js';
import { render } from './render.js';
import { fromReset } from './state.js';
import { activePositions, makeArguments } from './values.js';

// what is thrown on purpose is compared elsewhere
const programs = samplePrograms(20, 0, 200).map((program) => ({ ...program, guard: undefined }));
const rendered = programs.map(render);

test('generated programs type-check under strict', () => {
  const guarded = samplePrograms(20, 0, 200).map((program) => render(program).source);
  const sources = Object.fromEntries(guarded.map((source, i) => [`p${i}.ts`, source]));
  expect(typeCheck(sources)).toEqual([]);
});

test('they run without exceptions, and most results are finite', async () => {
  let finite = 0;
  for (const [i, { source }] of rendered.entries()) {
    const f = fromReset(await loadPlainModules({ 'p.ts': source }, 'p.ts'));
    const value = f(...makeArguments(programs[i]));
    if (leafValues(value).every(Number.isFinite)) finite++;
  }
  expect(finite / programs.length).toBeGreaterThan(0.9);
});

test('arguments matter: a derivative that is lost would show', async () => {
  let leaves = 0;
  let zero = 0;
  let nothing = 0;
  for (const [i, { source }] of rendered.entries()) {
    const f = fromReset(await loadPlainModules({ 'p.ts': source }, 'p.ts'));
    const args = makeArguments(programs[i]);
    const found = jacobianByDifferences(f, args, activePositions(programs[i])).flat();
    const vanished = found.filter((e) => e.value === 0).length;
    leaves += found.length;
    zero += vanished;
    if (vanished === found.length) nothing++;
  }
  expect(nothing / programs.length).toBeLessThan(0.05);
  expect(zero / leaves).toBeLessThan(0.35);
});

test('the mean size is about 25 statements', () => {
  const mean = rendered.reduce((sum, r) => sum + r.statements, 0) / rendered.length;
  expect(mean).toBeGreaterThan(15);
  expect(mean).toBeLessThan(40);
});

test('a seed gives the same programs, whatever the batches', () => {
  expect(samplePrograms(20, 5, 3)).toEqual(samplePrograms(20, 0, 8).slice(5));
});
