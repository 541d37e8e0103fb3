// Matrices of random programs: bit by bit the same whether a run carries one tangent or several.
import { expect, test } from 'vitest';
import { type Compiled, compileSources, loadModules } from '../support/compile.js';
import { bitDifference } from '../support/tree.js';
import { ALWAYS_IN_LANES, SINGLE } from '../support/vector-mode.js';
import type { Program } from './ast.js';
import { samplePrograms } from './generate.js';
import { render } from './render.js';
import { activePositions, makeArguments } from './values.js';

const SEED = Number(process.env.LANES_SEED ?? 1);
const PROGRAMS = Number(process.env.LANES_PROGRAMS ?? 40);

type Derivative = (...args: unknown[]) => unknown;

const moduleOf = (program: Program): string => {
  const marker = program.vector ? 'jacfwd' : 'hessian';
  return `import { ${marker} } from 'adjoint';
${render(program).source}
export const matrix = ${marker}(f);
`;
};

/** What a call gives or throws, and its arguments afterwards; twice, since the program may have a state. */
async function outcome({ outputs }: Compiled, file: string, program: Program): Promise<unknown> {
  const { matrix } = (await loadModules(outputs, file, ALWAYS_IN_LANES)) as Record<string, Derivative>;
  return [1, 2].map(() => {
    const args = makeArguments(program);
    try {
      return { args, result: matrix(...args) };
    } catch (error) {
      return { thrown: String(error) };
    }
  });
}

test('matrices of random programs do not depend on the lanes', async () => {
  const programs = samplePrograms(SEED, 0, 4 * PROGRAMS)
    .filter((p) => activePositions(p).includes(0))
    .slice(0, PROGRAMS);
  const sources = Object.fromEntries(programs.map((p, i) => [`p${i}.ts`, moduleOf(p)]));
  const lanes = compileSources(sources, { keepGoing: true });
  const single = compileSources(sources, { keepGoing: true, cheapForms: SINGLE });
  expect([...lanes.crashes.keys()]).toEqual([]);
  const refused = ({ diagnostics }: Compiled) =>
    new Set(diagnostics.filter((d) => d.severity === 'error').map((d) => d.file.split('/').pop()));
  expect([...refused(lanes)]).toEqual([...refused(single)]);
  let compared = 0;
  for (const [i, program] of programs.entries()) {
    const file = `p${i}.ts`;
    if (refused(lanes).has(file)) continue;
    const problem = bitDifference(await outcome(lanes, file, program), await outcome(single, file, program));
    expect(problem, render(program).source).toBeUndefined();
    compared++;
  }
  console.log(`${compared} of ${programs.length} programs compared`);
  expect(compared).toBeGreaterThan(PROGRAMS / 2);
});
