/** A project of ordinary modules, of which every tenth has an objective and its gradient. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const MODULES = 300;
const EVERY = 10;

const module = (k: number): string => `m${k}`;
export const sourceOf = (root: string, k: number): string => join(root, 'src', `${module(k)}.ts`);
/** Whether a module takes a gradient. */
export const differentiates = (k: number): boolean => k % EVERY === EVERY - 1;

/** What any application has: types, a class, functions that are called from elsewhere. */
function ordinary(k: number): string {
  const before = [k - 1, Math.floor(k / 2)].filter((j, i, all) => j >= 0 && j < k && all.indexOf(j) === i);
  const imports = before.map(
    (j) => `import { Store${j}, type Entry${j}, weigh${j} } from './${module(j)}.js';`,
  );
  const used = before.map((j) => `  total += weigh${j}(entry.value) + new Store${j}().sum();`);
  const known = before.map((j) => `  | { kind: 'other${j}'; entry: Entry${j} }`);
  return `${imports.join('\n')}
export interface Entry${k} {
  readonly name: string;
  readonly value: number;
  readonly tags?: readonly string[];
}
export type Event${k} =
  | { kind: 'added'; entry: Entry${k} }
  | { kind: 'removed'; name: string }
${known.join('\n')};
export class Store${k} {
  private readonly entries = new Map<string, Entry${k}>();
  private readonly listeners: ((event: Event${k}) => void)[] = [];
  add(entry: Entry${k}): this {
    this.entries.set(entry.name, { ...entry, tags: [...(entry.tags ?? []), '${k}'] });
    this.notify({ kind: 'added', entry });
    return this;
  }
  remove(name: string): boolean {
    this.notify({ kind: 'removed', name });
    return this.entries.delete(name);
  }
  sum(): number {
    return [...this.entries.values()].reduce((total, { value }) => total + value, 0);
  }
  byTag(): ReadonlyMap<string, readonly Entry${k}[]> {
    const found = new Map<string, Entry${k}[]>();
    for (const entry of this.entries.values())
      for (const tag of entry.tags ?? []) found.set(tag, [...(found.get(tag) ?? []), entry]);
    return found;
  }
  onChange(listener: (event: Event${k}) => void): () => void {
    this.listeners.push(listener);
    return () => void this.listeners.splice(this.listeners.indexOf(listener), 1);
  }
  private notify(event: Event${k}): void {
    for (const listener of this.listeners) listener(event);
  }
}
export function describe${k}(event: Event${k}): string {
  switch (event.kind) {
    case 'added':
      return \`\${event.entry.name} = \${event.entry.value.toFixed(${k % 5})}\`;
    case 'removed':
      return \`\${event.name} is gone\`;
    default:
      return 'of another module';
  }
}
export function weigh${k}(x: number): number {
  return x > ${k % 7} ? x * 0.5 + ${k} : Math.sin(x) * ${(k % 9) + 1};
}
export function total${k}(entry: Entry${k}): number {
  let total = 0;
${used.join('\n')}
  return total;
}
export async function load${k}(names: readonly string[]): Promise<Store${k}> {
  const store = new Store${k}();
  const all = await Promise.all(names.map(async (name, i) => ({ name, value: weigh${k}(i) })));
  for (const entry of all.filter((e) => e.value > 0)) store.add(entry);
  return store;
}
`;
}
/** `factor` is what an edit changes. */
function objective(k: number, factor: number): string {
  return `import { grad } from 'adjoint';
interface Point${k} { x: number; y: number; weight: number }
function residual${k}(w: Float64Array, p: Point${k}): number {
  const r2 = p.x * p.x + p.y * p.y;
  const bent = w[0] * p.x + w[1] * p.y + w[2] * r2;
  return Math.tanh(bent) - weigh${k}(p.weight * w[3]);
}
function loss${k}(w: Float64Array, points: readonly Point${k}[], steps: number): number {
  let total = 0;
  for (const p of points) {
    let state = residual${k}(w, p);
    for (let s = 0; s < steps; s++) state = state * 0.5 + Math.sin(state * w[s % w.length]);
    total += p.weight > 0 ? state * state * p.weight : Math.abs(state);
  }
  let smooth = 0;
  for (let i = 1; i < w.length; i++) smooth += (w[i] - w[i - 1]) ** 2;
  return total / points.length + ${factor} * smooth;
}
export const gradient${k} = grad(loss${k});
`;
}
export function textOf(k: number, factor = 0.1): string {
  return ordinary(k) + (differentiates(k) ? objective(k, factor) : '');
}

/** Writes the project; `adjoint`: the folder of the package. */
export function writeProject(root: string, adjoint: string): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(join(root, 'src'), { recursive: true });
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(adjoint, join(root, 'node_modules', 'adjoint'), 'dir');
  for (let k = 0; k < MODULES; k++) writeFileSync(sourceOf(root, k), textOf(k));
  writeFileSync(join(root, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022'],
    module: 'nodenext',
    rootDir: 'src',
    outDir: 'out',
    strict: true,
    types: [],
    skipLibCheck: true,
  };
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
}
