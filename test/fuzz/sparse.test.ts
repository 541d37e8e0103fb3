// Sparse matrices of random programs: the numbers and effects are those of the dense markers.
import { expect, test } from 'vitest';
import { type Compiled, compileSources } from '../support/compile.js';
import { bitDifference, leafValues } from '../support/tree.js';
import type { Program } from './ast.js';
import { samplePrograms } from './generate.js';
import { render } from './render.js';
import { activePositions, makeArguments } from './values.js';

const SEED = 1;
const PROGRAMS = 40;
const TOLERANCE = 1e-7;

interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly rowPointers: Int32Array;
  readonly columnIndices: Int32Array;
  readonly values: Float64Array;
}
type Derivative = (...args: unknown[]) => unknown;

const moduleOf = (program: Program): string => {
  const [dense, sparse] = program.vector ? ['jacobian', 'sparseJacobian'] : ['hessian', 'sparseHessian'];
  return `import { ${dense}, ${sparse} } from 'adjoint';
${render(program).source}
export const dense = ${dense}(f);
export const sparse = ${sparse}(f);
`;
};

/** What a call gives or throws, and its arguments afterwards. */
function called(f: Derivative, program: Program) {
  const args = makeArguments(program);
  try {
    return { args, result: f(...args) };
  } catch (error) {
    return { args, thrown: String(error) };
  }
}

/** All numbers, row by row. */
function numbersOf({ rows, cols, rowPointers, columnIndices, values }: Matrix): number[] {
  const numbers = new Array<number>(rows * cols).fill(0);
  for (let i = 0; i < rows; i++)
    for (let e = rowPointers[i]; e < rowPointers[i + 1]; e++)
      numbers[i * cols + columnIndices[e]] = values[e];
  return numbers;
}

/** The first number that differs by more than rounding, relative to its row; rows that are not finite are left out. */
function difference(found: readonly number[], wanted: readonly number[], cols: number): string | undefined {
  if (found.length !== wanted.length) return `${found.length} numbers, not ${wanted.length}`;
  for (let at = 0; at < wanted.length; at += cols) {
    const row = wanted.slice(at, at + cols);
    const most = Math.max(...row.map(Math.abs)) * TOLERANCE;
    const k = row.findIndex((x, j) => !(Math.abs(x - found[at + j]) <= most));
    if (Number.isFinite(most) && k >= 0)
      return `${found[at + k]}, not ${row[k]}, at row ${at / cols}, column ${k}`;
  }
  return undefined;
}

async function problemOf(compiled: Compiled, file: string, program: Program): Promise<string | undefined> {
  const { dense, sparse } = (await compiled.load(file)) as Record<string, Derivative>;
  const [wanted, found, again] = [dense, sparse, sparse].map((f) => called(f, program));
  if (wanted.thrown !== found.thrown) return `threw ${found.thrown}, not ${wanted.thrown}`;
  if (wanted.thrown !== undefined) return undefined;
  const matrix = found.result as Matrix;
  return (
    bitDifference(found.args, wanted.args) ??
    bitDifference((again.result as Matrix).values, matrix.values) ??
    difference(numbersOf(matrix), leafValues(wanted.result), matrix.cols)
  );
}

test('sparse matrices of random programs are those of the dense markers', async () => {
  // the first argument is differentiated, and what runs several times leaves the module alone
  const programs = samplePrograms(SEED, 0, 4 * PROGRAMS)
    .filter((p) => p.state.length === 0 && activePositions(p).includes(0))
    .slice(0, PROGRAMS);
  const sources = Object.fromEntries(programs.map((p, i) => [`p${i}.ts`, moduleOf(p)]));
  const compiled = compileSources(sources, { keepGoing: true });
  const refused = (file: string) =>
    compiled.diagnostics.some((d) => d.severity === 'error' && d.file.endsWith(`/${file}`));
  expect([...compiled.crashes.keys()]).toEqual([]);
  let compared = 0;
  for (const [i, program] of programs.entries()) {
    const file = `p${i}.ts`;
    if (refused(file)) continue;
    expect(await problemOf(compiled, file, program), sources[file]).toBeUndefined();
    compared++;
  }
  expect(compared).toBeGreaterThan(PROGRAMS / 2);
}, 300_000);
