/** How programs are put together: interfaces with several kinds of objects behind them, states that are replaced, containers, registries. */
import { type Idioms, variable } from './idiom-parts.js';

/** Declared where they are used. */
export const ACTS = `interface Act { gain: number; apply(u: number): number; readonly note?: number }
class Line implements Act {
  readonly note?: number;
  constructor(public gain: number, readonly by = 0.3) {}
  apply(u: number): number { return u * this.gain + this.by; }
}
class Bent extends Line {
  override apply(u: number): number { return Math.sin(super.apply(u)) * this.by; }
}
const FLAT: Act = { gain: 0.4, apply: (u) => Math.tanh(u) };
const ACTS: Record<string, Act> = { flat: FLAT, line: new Line(0.6), own: { gain: 0.2, note: 0.1, apply(u) { return u * this.gain; } } };`.split(
  '\n',
);
export const BOXES = `class Stack<T> {
  private items: T[] = [];
  push(...more: T[]): this { this.items.push(...more); return this; }
  pop(): T | undefined { return this.items.pop(); }
  get size(): number { return this.items.length; }
  reduce<A>(to: (a: A, item: T) => A, first: A): A { let a = first; for (const item of this.items) a = to(a, item); return a; }
}
class Grid {
  readonly cells: Float64Array;
  constructor(readonly wide: number, readonly high: number) { this.cells = new Float64Array(wide * high); }
  at(i: number, j: number): number { return this.cells[j * this.wide + i]; }
  put(i: number, j: number, u: number): void { this.cells[j * this.wide + i] = u; }
  row(j: number): Float64Array { return this.cells.subarray(j * this.wide, (j + 1) * this.wide); }
}`.split('\n');

export const DESIGNS: Idioms = {
  'behind one interface': ({ name, e, seeing, test }) => {
    const [acts, v] = [name('k'), name('v')];
    const own = `{ gain: ${e(1)}, apply(u) { return u * this.gain + ${seeing(0, 'u')}; } }`;
    const lines = [
      `const ${acts}: Act[] = [new Line(${e(0)}), ${own}, ${test()} ? new Bent(${e(2)}) : { gain: 0.3, note: ${e(0)}, apply: (u) => Math.sin(u) }];`,
      `if (${test()}) ${acts}.reverse();`,
      `let ${v} = 0.5;`,
      `for (const act of ${acts}) { act.gain += Math.sin(${v}) * 0.3; ${v} = Math.sin(act.apply(${v})) + act.gain * (act.note ?? 0.4) + (act instanceof Bent ? act.by : 0); }`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'with those of the module': ({ name, e, test }) => {
    const [acts, v] = [name('k'), name('v')];
    const lines = [
      `const ${acts} = [FLAT, ACTS[${test()} ? 'line' : 'own'], new Line(${e(0)})];`,
      `let ${v} = ${e(1)};`,
      `for (const act of ${acts}) ${v} = Math.sin(act.apply(${v})) + act.gain;`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'state replaced': ({ name, some, e, test }) => {
    const of = some('list', 'arr');
    const [ev, st, step, s, v] = [name('T'), name('T'), name('g'), name('k'), name('v')];
    const lines = [
      `type ${ev} = { kind: 'add'; by: number } | { kind: 'scale'; to: number } | { kind: 'clear' };`,
      `interface ${st} { readonly total: number; readonly log: readonly number[]; readonly best?: { at: number } }`,
      `const ${step} = (s: ${st}, ev: ${ev}): ${st} => { switch (ev.kind) { case 'add': return { ...s, total: Math.sin(s.total + ev.by), log: [...s.log, ev.by] }; case 'scale': { const total = s.total * ev.to; return { ...s, total, best: { at: total } }; } case 'clear': return { ...s, log: s.log.slice(1) }; } };`,
      `let ${s}: ${st} = { total: ${e(0)}, log: ${of ? `[...${of}]` : '[0.3]'} };`,
      `for (const event of [{ kind: 'add', by: ${e(1)} }, ${test()} ? { kind: 'clear' } : { kind: 'add', by: 0.3 }, { kind: 'scale', to: ${e(2)} }] as ${ev}[]) ${s} = ${step}(${s}, event);`,
      `let ${v} = ${s}.total + ${s}.log.reduce((a, b) => a * 0.5 + b, 0) * (${s}.best?.at ?? 2);`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'stack of a class': ({ name, some, e, seeing, test }) => {
    const [stack, objects, v, of] = [name('k'), name('k'), name('v'), some('obj')];
    const lines = [
      `const ${stack} = new Stack<number>().push(${e(0)}, 0.4);`,
      `if (${test()}) ${stack}.push(${e(1)});`,
      `const ${objects} = new Stack<Obj>().push(${of ?? '{ a: 0.4, b: 1, v: [1, 2, 3] }'}, { a: ${e(2)}, b: 0.2, v: [0.1, 0.2, 0.3] });`,
      `let ${v} = ${stack}.pop()! * ${stack}.size + ${stack}.reduce((s, u) => Math.sin(s + ${seeing(0, 'u')}), 0.2);`,
      `const ${v}top = ${objects}.pop();`,
      `if (${v}top) { ${v}top.a *= 0.5; ${v} += ${v}top.a + ${objects}.reduce((s, o) => s + o.a * o.b, 0); }`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'grid of a class': ({ name, e, small }) => {
    const [grid, v] = [name('k'), name('v')];
    const lines = [
      `const ${grid} = new Grid(3, 2);`,
      `for (let j = 0; j < 2; j++) for (let i = 0; i < 3; i++) ${grid}.put(i, j, ${e(0)} * i + j * 0.5);`,
      `for (let n = 0; n < 2; n++) for (let i = 1; i < 3; i++) ${grid}.put(i, 1, 0.5 * (${grid}.at(i - 1, 0) + ${grid}.at(i, 1)));`,
      `${grid}.row(0)[1] = Math.sin(${small(1)});`,
      `let ${v} = ${grid}.cells.reduce((s, u, k) => s * 0.5 + u * k, 0);`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'options with defaults': ({ name, e, seeing, test }) => {
    const [g, v] = [name('g'), name('v')];
    const lines = [
      `const ${g} = (u: number, { rate = 0.1, steps = 2, from, weights = [u, 0.3] }: { rate?: number; steps?: number; from?: { at?: number }; weights?: number[] } = {}): number => { let y = from?.at ?? u; for (let n = 0; n < steps; n++) y -= rate * Math.sin(y * weights[n % weights.length]) + ${seeing(0, 'y')} * 0.1; return y; };`,
      `let ${v} = ${g}(${e(1)}) + ${g}(0.3, ${test()} ? { rate: ${e(2)}, from: { at: ${e(1)} } } : { steps: 3, weights: [${e(2)}] }) + ${g}(0.2, { from: {} });`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'functions by name': ({ name, e, seeing, test }) => {
    const [table, made, v] = [name('k'), name('g'), name('v')];
    const lines = [
      `const ${table} = new Map<string, (u: number) => number>();`,
      `const ${made} = (k: number) => (u: number) => Math.sin(u * k) + ${seeing(0, 'u')};`,
      `for (const [key, k] of [['a', ${e(1)}], ['b', 0.4]] as const) ${table}.set(key, ${made}(k));`,
      `if (${test()}) ${table}.set('a', (u) => u * ${e(2)});`,
      `let ${v} = 0.3;`,
      `for (const key of ['a', 'b', 'none']) ${v} = ${table}.get(key)?.(${v}) ?? ${v} * 0.5;`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'nodes and edges': ({ name, e, small }) => {
    const [nodes, v] = [name('k'), name('v')];
    const lines = [
      `const ${nodes} = [${e(0)}, 0.4, ${e(1)}].map((at) => ({ at, links: [] as { to: { at: number }; w: number }[] }));`,
      `for (let i = 0; i < 3; i++) ${nodes}[i].links.push({ to: ${nodes}[(i + 1) % 3], w: 0.3 * i + 0.2 }, { to: ${nodes}[0], w: ${small(2)} });`,
      `for (let n = 0; n < 2; n++) for (const node of ${nodes}) for (const { to, w } of node.links) to.at = Math.sin(to.at + w * node.at);`,
      `let ${v} = ${nodes}.reduce((s, node) => s * 0.5 + node.at, 0);`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'two buffers': ({ name, some, e, small }) => {
    const of = some('arr', 'f64');
    if (of === undefined) return undefined;
    const [now, next, v] = [name('k'), name('k'), name('v')];
    const lines = [
      `let ${now} = Float64Array.from(${of});`,
      `let ${next} = new Float64Array(3);`,
      `for (let n = 0; n < 3; n++) { for (let i = 0; i < 3; i++) ${next}[i] = 0.5 * ${now}[(i + 1) % 3] + Math.sin(${now}[i]) * ${e(0)}; [${now}, ${next}] = [${next}, ${now}]; }`,
      `${next}[0] = ${small(1)};`,
      `let ${v} = ${now}[0] + ${now}[1] * ${now}[2] + ${next}[0] * ${next}[2];`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'built by calls': ({ name, e, seeing, test }) => {
    const [made, v] = [name('g'), name('v')];
    const lines = [
      `const ${made} = () => { const parts: { w: number; of: (u: number) => number }[] = []; let scale = ${e(0)}; const self = { add(w: number, of: (u: number) => number) { parts.push({ w, of }); return self; }, scaled(by: number) { scale *= by; return self; }, run(u: number) { return parts.reduce((s, { w, of }) => s + w * of(u), 0) * scale; } }; return self; };`,
      `const ${v}b = ${made}().add(${e(1)}, Math.sin).scaled(0.5).add(0.3, (u) => ${seeing(2, 'u')});`,
      `if (${test()}) ${v}b.scaled(${e(1)});`,
      `let ${v} = ${v}b.run(0.7) + ${v}b.run(${e(2)});`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'tree of a choice': ({ name, e, test, small }) => {
    const [T, sum, tree, v] = [name('T'), name('g'), name('k'), name('v')];
    const lines = [
      `interface ${T} { value: number; left?: ${T}; right?: ${T} }`,
      `const ${sum} = (t: ${T} | undefined, depth: number): number => { if (!t || depth > 3) return 0.1; t.value = Math.sin(t.value + depth * 0.2); return t.value * (1 + ${sum}(t.left, depth + 1)) + ${sum}(t.right, depth + 1); };`,
      `const ${tree}: ${T} = { value: ${e(0)}, left: { value: 0.4, right: { value: ${e(1)} } } };`,
      `if (${test()}) ${tree}.right = ${tree}.left; else ${tree}.right = { value: ${small(2)} };`,
      `let ${v} = ${sum}(${tree}, 0) + (${tree}.left?.right?.value ?? 0) * (${tree}.right?.left?.value ?? 0.5);`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
};
