/**
 * Random functions that work in scratch arrays: lengths, loops and indices of many forms, which for some arguments go beyond the
 * ends of their arrays. For tests of what must not depend on where arrays lie.
 */
import { randomNumbers } from './numeric.js';

/** A function `(x: Float64Array, n: number, m: number, k: number): number`; loops count by `n` and `m`, not by `k`. */
export interface ScratchProgram {
  readonly name: string;
  readonly source: string;
}
export type ScratchArguments = readonly [x: Float64Array, n: number, m: number, k: number];

const WILD_LENGTHS = [
  'n',
  'm',
  'n + 1',
  'm + 2',
  'n * m',
  'x.length',
  'x.length + 1',
  'Math.floor(n / 2)',
  'k',
  '6',
];
const TAME_LENGTHS = [
  'n + m',
  'n + m + 1',
  'n * m + n + m',
  '(n + 1) * (m + 1)',
  '2 * n + m',
  '(n | 0) + m',
  'Math.floor(n) + m',
  '(n + m) * 600',
];
const TOLD_LENGTHS = ['n', 'n + 1', 'n + 2', 'n * 2 + 1', '(n + 1) * 500'];
/** The lengths are those of the argument: what is within them can be told when the code is made. */
const OF_THE_ARGUMENT = ['const n = x.length;', 'const m = x.length;'];
const VALUES = ['x[0]', '0.3', 'x[i0 % x.length]', '0.1 * x[1]', '(i0 + 1)'];

interface Names {
  /** Variables of the loops around, outermost first. */
  readonly loops: readonly string[];
  /** Variables that hold an index. */
  readonly carried: readonly string[];
}

/** Indices are of all forms; or such as are within the arrays for many arguments; or for all of them. */
type Kind = 'wild' | 'given' | 'told';
const KINDS: readonly Kind[] = ['wild', 'told', 'given', 'given', 'told'];

class Dice {
  private readonly random: () => number;

  constructor(seed: number) {
    const next = randomNumbers(seed);
    this.random = () => (next() + 1) / 2;
  }
  protected below(limit: number): number {
    return Math.min(limit - 1, Math.floor(this.random() * limit));
  }
  protected pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
  protected chance(p: number): boolean {
    return this.random() < p;
  }
}

class Writer extends Dice {
  private readonly arrays: string[] = [];
  private readonly lengths: readonly string[];
  private count = 0;

  constructor(
    seed: number,
    private readonly kind: Kind,
  ) {
    super(seed);
    this.lengths = { wild: WILD_LENGTHS, given: TAME_LENGTHS, told: TOLD_LENGTHS }[kind];
    this.headers = [0, this.below(20), this.below(20)];
    this.indices = this.chance(0.3) ? [2] : [this.below(20), this.below(20)];
  }
  /** A few forms only: each asks for something when the function begins. */
  private readonly headers: readonly number[];
  private readonly indices: readonly number[];
  private get isWild(): boolean {
    return this.kind === 'wild';
  }

  program(name: string): ScratchProgram {
    const lines = this.kind === 'told' ? ['let s = 0;', ...OF_THE_ARGUMENT] : ['let s = 0;'];
    const count = 2 + this.below(this.isWild ? 3 : 2);
    for (let k = 0; k < count; k++) {
      lines.push(`const a${k} = new Float64Array(${this.pick(this.lengths)});`);
      this.arrays.push(`a${k}`);
    }
    const nests = this.isWild ? 1 + this.below(2) : 1;
    for (let k = 0; k < nests; k++) lines.push(...this.nest({ loops: [], carried: [] }, 2 + this.below(2)));
    lines.push(
      ...this.loop({ loops: [], carried: [] }, (names) =>
        this.isWild
          ? [`s += ${this.element(names)};`]
          : this.arrays.map((a) => `s += ${a}[${names.loops[0]}];`),
      ),
    );
    if (this.chance(0.4))
      lines.push(`s += ${this.pick(this.arrays)}.length * x[0] + 1 / ${this.pick(this.arrays)}.length;`);
    const [n, m] = this.kind === 'told' ? ['n0', 'm0'] : ['n', 'm'];
    const head = `export function ${name}(x: Float64Array, ${n}: number, ${m}: number, k: number): number {`;
    return { name, source: [head, ...lines, 'return s;', '}'].join('\n') };
  }

  private nest(names: Names, depth: number): string[] {
    if (depth === 0) return this.statements(names);
    const name = `p${this.count++}`;
    const carries = this.chance(this.isWild ? 0.4 : 0.15);
    const inside: Names = carries ? { ...names, carried: [...names.carried, name] } : names;
    const body = this.loop(inside, (own) => [
      ...(this.chance(0.3) ? this.statements(own) : []),
      ...this.nest(own, depth - 1),
      ...(carries ? [this.step(own, name)] : []),
      ...(this.chance(0.05) ? [`if (${this.element(own)} > 40) ${this.pick(['break', 'continue'])};`] : []),
    ]);
    const after = carries && this.chance(0.5) ? [`s += ${this.pick(this.arrays)}[${name}];`] : [];
    return [
      ...(carries ? [`let ${name} = ${this.pick(['0', '0', '1', 'n - 1', 'k'])};`] : []),
      ...body,
      ...after,
    ];
  }
  /** What becomes of an index that a loop carries. */
  private step(names: Names, name: string): string {
    const i = this.pick(names.loops);
    if (this.chance(0.4)) {
      const a = this.pick(this.arrays);
      return `if (${a}[${i}] > ${a}[${name}]) ${name} = ${this.index(names)};`;
    }
    return `${name} = ${this.pick([`${name} + 1`, i, `n - 1 - ${i}`, `Math.min(${name} + 1, n - 1)`, `n - 1 - ${name}`])};`;
  }

  private loop({ loops, carried }: Names, body: (names: Names) => string[]): string[] {
    const i = `i${loops.length}`;
    const outer = loops.length > 0 ? this.pick(loops) : '0';
    const inside = body({ loops: [...loops, i], carried });
    return [`for (${this.header(i, outer)}) {`, ...inside, '}'];
  }
  private header(i: string, outer: string): string {
    if (!this.isWild) return among(tameHeaders(i, outer), this.chance(0.5) ? 0 : this.pick(this.headers));
    const lo = this.pick(['0', '0', '0', '1', outer, `${outer} + 1`]);
    const hi = this.pick([
      'n',
      'n',
      'm',
      'n - 1',
      'n + 1',
      'x.length',
      `n - ${outer}`,
      'Math.floor(n / 2)',
      'Math.round(3 * Math.abs(x[0]))',
    ]);
    switch (this.below(8)) {
      case 0:
        return `let ${i} = ${lo}; ${i} <= ${this.pick([outer, 'n - 1', hi])}; ${i}++`;
      case 1:
        return `let ${i} = ${hi} - 1; ${i} >= ${lo}; ${i}--`;
      case 2:
        return `let ${i} = ${hi}; ${i} > ${lo}; ${i} -= ${1 + this.below(2)}`;
      case 3:
        return `let ${i} = ${lo}; ${i} < ${hi}; ${i} += 2`;
      default:
        return `let ${i} = ${lo}; ${i} < ${hi}; ${i}++`;
    }
  }

  private statements(names: Names): string[] {
    return this.isWild ? this.wildStatements(names) : this.chain(names);
  }
  /** Each array is computed of the one before. */
  private chain(names: Names): string[] {
    const before = (k: number) => this.arrays[(k || this.arrays.length) - 1];
    return this.arrays.map((a, k) => {
      const value = `Math.sin(${before(k)}[${this.index(names)}]) + ${this.pick(VALUES)}`;
      return `${a}[${this.index(names)}] ${this.pick(['=', '=', '+='])} ${value};`;
    });
  }
  private wildStatements(names: Names): string[] {
    return Array.from({ length: 1 + this.below(2) }, () => {
      const place = this.element(names);
      const value = `${this.pick(['0.5 * ', '', '-'])}${this.element(names)} ${this.pick(['+', '*'])} ${this.pick(VALUES)}`;
      switch (this.below(6)) {
        case 0:
          return `${place} += ${value};`;
        case 1:
          return `if (${this.element(names)} < 0.4) ${place} = ${value};`;
        case 2:
          return `s += Math.sin(${place}) * ${this.pick(VALUES)};`;
        default:
          return `${place} = Math.sin(${value}) + ${this.pick(VALUES)};`;
      }
    });
  }
  private element(names: Names): string {
    return `${this.pick(this.arrays)}[${this.index(names)}]`;
  }
  private index({ loops, carried }: Names): string {
    if (carried.length > 0 && this.chance(0.3)) return this.pick(carried);
    const i = this.pick(loops);
    const j = this.pick(loops);
    if (this.chance(this.isWild ? 0.3 : 0.5)) return i;
    return this.isWild
      ? this.pick([...tameIndices(i, j), ...wildIndices(i, j)])
      : among(tameIndices(i, j), this.pick(this.indices));
  }
}

/** Trips that run forward and at once back, with inner loops whose reverse needs what they compute. */
class TripWriter extends Dice {
  private depth = 0;

  program(name: string): ScratchProgram {
    const isFilled = this.chance(0.6);
    const lines = ['let s = 0;'];
    if (isFilled) lines.push('const a = new Float64Array(n);', 'const b = new Float64Array(n);');
    lines.push('for (let t = 0; t < x.length; t++) {', 'let v = x[t];', 'let w = 0.3;');
    if (isFilled)
      lines.push(
        `for (let i = 0; i < n; i++) { a[i] = Math.sin(v * (i + 1)); b[i] = a[i] * ${this.pick(['a[i]', 'v', 'x[t]'])}; }`,
      );
    const count = this.pick([1, 2, 2, 3]);
    for (let k = 0; k < count; k++) lines.push(...this.nest([], this.pick([1, 1, 2, 2, 3]), isFilled));
    lines.push('s += v * w;', '}');
    const head = `export function ${name}(x: Float64Array, n: number, m: number, k: number): number {`;
    return { name, source: [head, ...lines, 'return s;', '}'].join('\n') };
  }

  private nest(loops: readonly string[], depth: number, isFilled: boolean): string[] {
    if (depth === 0) return [this.statement(loops, isFilled)];
    const i = `i${this.depth++}`;
    const hi = this.pick(['n', 'n', 'm', '3', '4', 'n + 1', 'x.length', 'n * 2', ...loops]);
    const header = this.chance(0.85)
      ? up(i, this.pick(['0', '0', '0', '1', '2', '-1']), hi)
      : this.pick([down(i, '0', hi), `let ${i} = 0; ${i} <= 2; ${i}++`, `let ${i} = 0; ${i} < 6; ${i} += 2`]);
    const own = [...loops, i];
    return [
      `for (${header}) {`,
      ...(this.chance(0.4) ? [this.statement(own, isFilled)] : []),
      ...this.nest(own, depth - 1, isFilled),
      ...(this.chance(0.3) ? this.nest(own, depth - 1, isFilled) : []),
      ...(this.chance(0.05) ? ['if (v > 2.5) break;'] : []),
      '}',
    ];
  }
  private statement(loops: readonly string[], isFilled: boolean): string {
    const i = this.pick(loops);
    const element = isFilled ? this.pick([`a[${i}]`, `b[n - 1 - ${i}]`, `a[0]`]) : `x[t]`;
    return this.pick([
      `v = Math.sin(v + ${element}) * w;`,
      `w = w * Math.cos(v * 0.5) + ${i} * 0.1;`,
      `if (v > 0.2) v = v * w * 0.7; else w += v * v;`,
      `s += v * w * ${i};`,
      `v = v * 0.9 + ${element} * w;`,
      ...(isFilled
        ? [`a[${i}] = a[${i}] * v + 0.1;`, `b[${i}] += w * v * b[${i}];`, `w += b[${i}] * a[${i}];`]
        : []),
    ]);
  }
}

/** Indices that run beside the variables of loops. Most are within the arrays, and count. */
class CounterWriter extends Dice {
  private count = 0;
  private readonly isTame = this.chance(0.7);
  private some<T>(tame: readonly T[], wild: readonly T[]): T {
    return this.pick(this.isTame ? tame : [...tame, ...wild]);
  }

  program(name: string): ScratchProgram {
    const length = () => this.some(['4000', '1200', '(n + 1) * 700'], ['n * m', 'n * n + m', 'k', '60']);
    const nest = this.nest([], [], 2 + this.below(2));
    const lines = [
      'let s = 0;',
      `const a = new Float64Array(${length()});`,
      `const b = new Float64Array(${length()});`,
      'for (let i = 0; i < 5; i++) { a[i] = x[0] * i; b[i] = Math.sin(x[1] + i); }',
      ...nest,
      'for (let i = 0; i < 5; i++) for (let j = 0; j < 2; j++) s += a[i] * b[i + j];',
    ];
    const head = `export function ${name}(x: Float64Array, n: number, m: number, k: number): number {`;
    return { name, source: [head, ...lines, 'return s;', '}'].join('\n') };
  }

  private nest(loops: readonly string[], counters: readonly string[], depth: number): string[] {
    if (depth === 0) return this.statements(loops, counters);
    const id = this.count++;
    const [i, l] = [`i${id}`, `l${id}`];
    const outer = this.pick(['n', ...loops]);
    const init = this.some(
      ['0', '0', '1', `${outer} * m`, `${outer} + 1`],
      ['k', `${outer} * (${outer} + 1) / 2`, '-1', '0.5'],
    );
    const header = this.pick([
      ...[up(i, '0', 'n'), up(i, '0', 'm'), up(i, '1', 'n + 1'), down(i, '0', 'n')],
      ...[up(i, '0', outer), up(i, `${outer} + 1`, 'n'), `let ${i} = 0; ${i} <= m; ${i} += 2`],
    ]);
    // of the counters of loops around some run on in this one
    const carried = counters.filter(() => this.chance(0.5));
    const all = [...carried, l];
    const steps = [...carried.filter(() => this.chance(0.4)), l].map((c) => this.step(c));
    const isLate = this.chance(0.7);
    return [
      `let ${l} = ${init};`,
      `for (${header}) {`,
      ...(isLate ? [] : steps),
      ...(this.chance(0.5) ? this.statements([...loops, i], all) : []),
      ...this.nest([...loops, i], all, depth - 1),
      ...(isLate ? steps : []),
      ...(this.chance(0.05) ? [`if (a[${l}] > 1) ${this.pick(['break', 'continue'])};`] : []),
      '}',
      ...(this.chance(0.5) ? [`s += a[${l}] * 0.5;`] : []),
    ];
  }
  private step(l: string): string {
    return this.some(
      [`${l}++;`, `${l}++;`, `${l} += 1;`, `${l} += 2;`],
      [`if (x[0] > 0.4) ${l}++;`, `${l} += m;`, `${l}--;`, `${l} += 0.5;`],
    );
  }
  private statements(loops: readonly string[], counters: readonly string[]): string[] {
    const index = (): string => {
      const l = this.pick(counters);
      return this.some(
        [l, l, `${l} + 1`, this.pick(loops)],
        [`${l} - 1`, `${l} + ${this.pick(loops)}`, `${l} % 7`],
      );
    };
    const element = (): string => `${this.pick(['a', 'b'])}[${index()}]`;
    return Array.from({ length: 1 + this.below(2) }, () =>
      this.pick([
        `${element()} += Math.sin(${element()}) * x[0];`,
        `${element()} = Math.cos(${element()}) + 0.1 * x[1];`,
        `s += ${element()} * ${element()};`,
        `${element()} *= 0.9;`,
      ]),
    );
  }
}

const among = (list: readonly string[], k: number): string => list[k % list.length];
const up = (i: string, lo: string, hi: string): string => `let ${i} = ${lo}; ${i} < ${hi}; ${i}++`;
const down = (i: string, lo: string, hi: string): string => `let ${i} = ${hi} - 1; ${i} >= ${lo}; ${i}--`;
const tameHeaders = (i: string, outer: string): string[] => [
  ...[
    up(i, '0', 'n'),
    up(i, '0', 'n'),
    up(i, '0', 'm'),
    up(i, '1', 'm'),
    up(i, outer, 'n'),
    up(i, `${outer} + 1`, 'n'),
  ],
  ...[
    up(i, '0', outer),
    up(i, '0', `n - ${outer}`),
    down(i, '0', 'n'),
    down(i, '1', 'm'),
    down(i, outer, 'n'),
  ],
  ...[
    `let ${i} = 0; ${i} <= ${outer}; ${i}++`,
    `let ${i} = 0; ${i} < n; ${i} += 2`,
    `let ${i} = n; ${i} > 0; ${i} -= 2`,
  ],
];
const tameIndices = (i: string, j: string): string[] => [
  ...[`${i} * m + ${j}`, `${i} + ${j}`, `n - 1 - ${i}`, `Math.min(${i} + 1, n - 1)`, `${i} + 1`, '0', '3'],
  ...[
    `Math.max(${i} - 1, 0)`,
    `${i} === 0 ? n - 1 : ${i} - 1`,
    `${i} * ${j}`,
    `Math.abs(x[0]) > 0.3 ? ${i} : ${j}`,
    `${i} + 9007199254740991 - 9007199254740991`,
  ],
];
const wildIndices = (i: string, j: string): string[] => [
  ...[
    `${i} % 3`,
    'k',
    `${i} + k`,
    '-0',
    '2.5',
    `${i} / 2`,
    `Math.floor(${i} / 2)`,
    `${i} * k + ${j}`,
    `-${i}`,
  ],
  ...[`n - ${i}`, `${i} - ${j}`, `${i} + ${j} - 1`, `(${i} + 1) * (n - ${j}) - 1`, `Math.min(${i}, k)`],
];

/** The same for the same seed. */
export const scratchPrograms = (seed: number, count: number): ScratchProgram[] =>
  Array.from({ length: count }, (_, k) =>
    new Writer(seed + 7919 * k, KINDS[k % KINDS.length]).program(`f${k}`),
  );

const X = new Float64Array([0.5, 0.7, -1.1, 0.9]);
/** Whole, fractional, negative, NaN, zero, and such that the arrays are longer than the work array. */
export const SCRATCH_ARGUMENTS: readonly ScratchArguments[] = [
  ...[0, 1, 2, 3, 4, 5, 7].flatMap((n) => [0, 2, 5].map((m): ScratchArguments => [X, n, m, 3])),
  ...[2.5, -1, -0, Number.NaN, 0.5, -2.5].flatMap((odd): ScratchArguments[] => [
    [X, odd, 3, 3],
    [X, 3, odd, 3],
    [X, 4, 4, odd],
    [X, odd, odd, odd],
  ]),
  ...[2 ** 32 + 1, 2 ** 40, 2 ** 53, Number.POSITIVE_INFINITY, -(2 ** 31), 9000].map(
    (k): ScratchArguments => [X, 3, 3, k],
  ),
  ...[0, 1, 2, 9].map((n): ScratchArguments => [new Float64Array(n).fill(0.4), 4, 3, 2]),
];

/** The same for the same seed: functions whose trips run forward and at once back. */
export function tripPrograms(seed: number, count: number): readonly ScratchProgram[] {
  return Array.from({ length: count }, (_, k) => new TripWriter(seed * 1009 + k).program(`t${k}`));
}

/** The same for the same seed: functions with indices that count beside the loops. */
export function counterPrograms(seed: number, count: number): readonly ScratchProgram[] {
  return Array.from({ length: count }, (_, k) => new CounterWriter(seed * 1013 + k).program(`c${k}`));
}
