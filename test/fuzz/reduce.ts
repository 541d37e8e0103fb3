/** Makes a failing program smaller: every subtree may be dropped, hoisted or replaced by a leaf. */
import type { Program } from './ast.js';

type Node = Record<string, unknown>;
type Path = readonly (string | number)[];
interface Step {
  readonly path: Path;
  readonly to: unknown;
}

/** The lists of which any part may be left out. */
const DROPPABLE: ReadonlySet<string> = new Set(['body', 'then', 'else', 'helpers', 'arms', 'state']);
const LITERAL = { k: 'num', v: 1 };
const VARIABLE = { k: 'var', at: 1 };
const TRUE = { c: 'less', op: 0, a: LITERAL, b: { k: 'num', v: 2 } };

/** Smaller programs, the largest steps first. */
export function* reductions(program: Program): Generator<Program> {
  for (const step of steps(program)) yield replaceAt(program, step.path, step.to) as Program;
}
function* steps(program: Program): Generator<Step> {
  const places: { path: Path; node: unknown }[] = [];
  walk(program, [], (path, node) => places.push({ path, node }));
  for (const { path, node } of places) if (Array.isArray(node)) yield* shorter(path, node);
  for (const { path, node } of places) if (isNode(node)) yield* simpler(path, node);
  if (program.all) yield { path: ['all'], to: false };
}
function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function walk(value: unknown, path: Path, visit: (path: Path, node: unknown) => void): void {
  if (typeof value !== 'object' || value === null) return;
  visit(path, value);
  for (const [key, child] of Object.entries(value)) walk(child, [...path, key], visit);
}

/** Without a run of statements, helpers or parameters, or with a statement replaced by what is inside it. */
function* shorter(path: Path, list: readonly unknown[]): Generator<Step> {
  const key = path[path.length - 1];
  const droppable = typeof key === 'string' && DROPPABLE.has(key);
  const params = key === 'params' && list.length > 1;
  if (!droppable && !params) return;
  for (let size = list.length; size >= 1; size = Math.floor(size / 2))
    for (let from = list.length - size; from >= 0; from -= size) {
      if (params && size === list.length) continue;
      yield { path, to: [...list.slice(0, from), ...list.slice(from + size)] };
    }
  for (const [i, stmt] of list.entries()) {
    if (!isNode(stmt)) continue;
    for (const inner of ['body', 'then', 'else'])
      if (Array.isArray(stmt[inner]) && typeof stmt.s === 'string')
        yield { path, to: [...list.slice(0, i), ...(stmt[inner] as unknown[]), ...list.slice(i + 1)] };
  }
}

function* simpler(path: Path, node: Node): Generator<Step> {
  const to = (value: unknown): Step => ({ path, to: value });
  if (typeof node.k === 'string' && node.k !== 'num') {
    for (const child of Object.values(node)) if (isNode(child) && 'k' in child) yield to(child);
    yield to(LITERAL);
    if (node.k !== 'var') yield to(VARIABLE);
  } else if (typeof node.c === 'string' && node !== TRUE) {
    for (const child of Object.values(node)) if (isNode(child) && 'c' in child) yield to(child);
    if (JSON.stringify(node) !== JSON.stringify(TRUE)) yield to(TRUE);
  } else if (typeof node.i === 'string') {
    if (node.i !== 'lit') yield to({ i: 'lit', at: 0 });
  } else if (typeof node.s === 'string') {
    if (node.if !== undefined && node.s === 'alias') yield to({ ...node, if: undefined });
    if (node.label === true) yield to({ ...node, label: false });
    if (typeof node.trips === 'number' && node.trips > 1) yield to({ ...node, trips: node.trips - 1 });
    if (node.s === 'loop' && node.form !== 0) yield to({ ...node, form: 0 });
  }
  if (node.guard !== undefined) yield to({ ...node, guard: undefined });
  if (node.recursive === true) yield to({ ...node, recursive: false });
}

function replaceAt(root: unknown, path: Path, to: unknown): unknown {
  if (path.length === 0) return to;
  const [key, ...rest] = path;
  const copy = (Array.isArray(root) ? [...root] : { ...(root as Node) }) as Record<string | number, unknown>;
  copy[key] = replaceAt((root as Record<string | number, unknown>)[key], rest, to);
  return copy;
}

/** Greedy descent: takes a batch of smaller programs at a time, and goes on from the first that still fails. */
export async function reduce(
  program: Program,
  stillFails: (candidates: readonly Program[]) => Promise<readonly boolean[]>,
  budget = { candidates: 1500, batch: 24 },
): Promise<Program> {
  let best = program;
  let left = budget.candidates;
  for (let improved = true; improved && left > 0; ) {
    improved = false;
    let batch: Program[] = [];
    const tryBatch = async () => {
      left -= batch.length;
      const found = (await stillFails(batch)).indexOf(true);
      if (found >= 0) best = batch[found];
      batch = [];
      return found >= 0;
    };
    for (const candidate of reductions(best)) {
      batch.push(candidate);
      if (batch.length < budget.batch) continue;
      improved = await tryBatch();
      if (improved || left <= 0) break;
    }
    if (!improved && batch.length > 0) improved = await tryBatch();
  }
  return best;
}
