/** Prints random programs as TypeScript. */
import type { Arm, Helper, Program, Stmt, ValueType } from './ast.js';
import { CLASSES, change } from './render-containers.js';
import { declaration, isDeclaring } from './render-declaration.js';
import * as x from './render-expression.js';
import { GENERIC, idiom } from './render-idioms.js';
import { ACTS, BOXES } from './render-idioms-designs.js';
import { loopShape } from './render-loop.js';
import { RANKED, SHAPES } from './render-records.js';
import { initialState, places, TYPE } from './values.js';

const REFERENCES: readonly ValueType[] = [
  ...(['arr', 'f64', 'mat', 'obj', 'arr', 'tup'] as const),
  ...(['list', 'vec', 'map', 'set', 'objs', 'rec', 'shape'] as const),
];

/** Names that generated functions have for their own variables. */
const OF_GENERATED_CODE =
  'data top tape refs refTop pullback last plan owner primals tangents t1 o1 xBar room args x1 lane tBar'.split(
    ' ',
  );
/** Labels, and variables of loops: what they are is seen by their names. */
const UNLIKE: ReadonlySet<string> = new Set(['L', 'i', 'e']);

export interface Rendered {
  readonly source: string;
  readonly used: ReadonlyMap<string, number>;
  readonly statements: number;
}
interface Jump {
  readonly label?: string;
  readonly kind: 'loop' | 'switch' | 'block';
}
/** What the function at hand is like. */
type Returns = Helper['returns'];

class Printer {
  readonly used = new Map<string, number>();
  readonly lines: string[] = [];
  statements = 0;
  private names = 0;
  private indent = 0;
  private jumps: Jump[] = [];
  private returns: Returns = 'num';
  /** The innermost `try` of the function at hand, or of its callers. */
  private caught = false;
  variables: x.Variable[] = [{ name: 'RATE', type: 'num', assignable: false, global: true }];
  callables: x.Callable[] = [];
  private depth = 0;
  private inMain = false;

  constructor(private readonly program: Program) {}

  get scope(): x.Scope {
    const { variables, callables, depth, caught, used } = this;
    return { variables, callables, depth, caught, used };
  }
  private line(text: string): void {
    this.lines.push('  '.repeat(this.indent) + text);
  }
  private name(prefix: string): string {
    const k = ++this.names;
    const mayBe = this.program.likeGenerated && !UNLIKE.has(prefix) && k % 2 === 0;
    return (mayBe && OF_GENERATED_CODE[k / 2 - 1]) || `${prefix}${k}`;
  }
  private declare(prefix: string, type: ValueType, assignable: boolean): string {
    const name = this.name(prefix);
    this.variables = [...this.variables, { name, type, assignable }];
    return name;
  }
  /** Runs `print` with scopes and jumps restored after it. */
  private inside(print: () => void): void {
    const saved = [
      this.variables,
      this.callables,
      this.jumps,
      this.depth,
      this.returns,
      this.caught,
    ] as const;
    this.indent++;
    print();
    this.indent--;
    [this.variables, this.callables, this.jumps, this.depth, this.returns, this.caught] = saved;
  }

  /** `header { ... }` of a function; `open` says which outer variables its body may see. */
  private functionBody(
    header: string,
    params: readonly x.Variable[],
    returns: Returns,
    outer: readonly x.Variable[],
    print: () => void,
    close = '}',
  ): void {
    this.line(header);
    this.inside(() => {
      this.variables = [...outer, ...params];
      this.jumps = [];
      this.returns = returns;
      this.caught = false;
      print();
    });
    this.line(close);
  }
  private parameters(types: readonly ValueType[]): x.Variable[] {
    return types.map((type) => ({ name: this.name('p'), type, assignable: type !== 'int' }));
  }

  /** The variables of the module, what gives them their first values again, and what tells their values. */
  state(program: Program): void {
    const initial = initialState(program);
    const names = program.state.map((type, k) => {
      const name = this.name('s');
      this.line(`let ${name}: ${TYPE[type]} = ${initial[k]};`);
      this.variables = [...this.variables, { name, type, assignable: true, global: true }];
      return name;
    });
    this.line(`export function reset(): void { ${names.map((n, k) => `${n} = ${initial[k]};`).join(' ')} }`);
    this.line(`export function state(): unknown[] { return [${names.join(', ')}]; }`);
  }

  helper(helper: Helper, number: number): void {
    const name = `h${number}`;
    const params = this.parameters(helper.params);
    const list = params.map((p) => `${p.name}: ${TYPE[p.type]}`);
    if (helper.recursive) list.push('depth: number');
    const result = helper.returns === 'void' ? 'void' : TYPE[helper.returns];
    this.functionBody(
      `function ${name}(${list.join(', ')}): ${result} {`,
      params,
      helper.returns,
      this.variables,
      () => {
        this.depth = 1;
        if (helper.throws !== undefined) {
          this.line(`if (${x.condition(this.scope, helper.throws)}) throw new Error('no result');`);
          this.caught = true;
        }
        if (helper.recursive) {
          this.line(`if (depth <= 0) ${this.result(helper.e)}`);
          const again = params
            .map((p) => (p.type === 'num' ? `${p.name} * 0.7` : p.name))
            .concat('depth - 1');
          if (helper.returns === 'num') this.line(`const more = ${name}(${again.join(', ')});`);
          else this.line(`${name}(${again.join(', ')});`);
          if (helper.returns === 'num')
            this.variables = [...this.variables, { name: 'more', type: 'num', assignable: false }];
        }
        this.block(helper.body);
        this.ends(helper);
      },
    );
    const { returns, recursive } = helper;
    const throws = helper.throws !== undefined;
    this.callables = [...this.callables, { name, params: helper.params, returns, recursive, throws }];
  }
  /** A result, or several behind each other in a way that never comes to the end of the function. */
  private ends({ e, ends }: Helper): void {
    const last = this.result(e);
    if (ends === undefined) return this.line(last);
    const first = this.result(ends.e);
    const test = x.condition(this.scope, ends.if);
    x.count(this.scope, `end ${ends.form}`);
    const kind = this.name('k');
    const forms = [
      [`if (${test}) ${first} else ${last}`],
      [
        `const ${kind}: 'up' | 'down' = ${test} ? 'up' : 'down';`,
        `switch (${kind}) { case 'up': ${first} case 'down': ${last} }`,
      ],
      [`if (${test}) ${first}`, `if (RATE > 0) ${last}`, "throw new Error('no end');"],
      [`for (let ${kind} = 0; ; ${kind}++) { if (${kind} > 1) ${first} if (${test}) ${last} }`],
      [`try { if (${test}) ${first} } finally { RATE.toFixed(2); }`, last],
    ];
    for (const line of forms[ends.form]) this.line(line);
  }
  private result(e: Program['e']): string {
    if (this.returns === 'void') return 'return;';
    const { all: isAll } = this.program;
    const all = isAll ? ` + ${this.everything()}` : '';
    if (this.returns === 'num') return `return ${x.expression(this.scope, e)}${all};`;
    if (this.inMain) return `return [${x.expression(this.scope, e)}, ${isAll ? this.everything() : '0'}];`;
    const at = 'at' in e ? e.at : 2;
    return `return ${x.argument(this.scope, this.returns, [e], at)};`;
  }

  main(program: Program): void {
    this.inMain = true;
    const params = this.parameters(program.params);
    const list = params.map((p) => `${p.name}: ${TYPE[p.type]}`).join(', ');
    const returns = program.vector ? 'arr' : 'num';
    const type = program.vector ? 'number[]' : 'number';
    this.functionBody(`export function f(${list}): ${type} {`, params, returns, this.variables, () => {
      const behind = (program.guard?.behind ?? 0) % (program.body.length + 1);
      this.block(program.body.slice(0, behind));
      if (program.guard !== undefined)
        this.line(`if (${x.condition(this.scope, program.guard.if)}) throw new RangeError('outside');`);
      this.block(program.body.slice(behind));
      this.line(this.result(program.e));
    });
  }
  /** Weighted sum of all that is in scope, so that it matters; every leaf of a container has its own weight. */
  private everything(): string {
    const weight = (i: number) => `${(3 + ((i * 7) % 10)) / 10}`;
    const terms = this.variables
      .filter((v) => v.name !== 'RATE' && v.type !== 'flag')
      .flatMap((v, i) => places(v).map((text, k) => `${weight(i + 3 * k)} * ${text}`));
    return terms.length ? terms.join(' + ') : '0';
  }

  private block(body: readonly Stmt[]): void {
    for (const each of body) {
      const stmt = this.program.twice ? withoutMap(each) : each;
      this.statements++;
      x.count(this.scope, stmt.s);
      if (this.statement(stmt)) return;
    }
  }
  private body(header: string, body: readonly Stmt[], jump?: Jump, before?: () => void, close = '}'): void {
    this.line(header);
    this.inside(() => {
      if (jump !== undefined) this.jumps = [...this.jumps, jump];
      if (jump?.kind === 'loop') this.depth++;
      before?.();
      this.block(body);
    });
    this.line(close);
  }

  /** Prints one statement; true if nothing after it can run. */
  private statement(stmt: Stmt): boolean {
    const { scope } = this;
    if (isDeclaring(stmt)) {
      const { prefix, type, constant, annotation, text } = declaration(scope, stmt);
      const name = this.declare(prefix, type, !constant);
      this.line(`${constant ? 'const' : 'let'} ${name}${annotation} = ${text};`);
      return false;
    }
    switch (stmt.s) {
      case 'alias':
        this.alias(stmt);
        break;
      case 'rebind': {
        const type = REFERENCES[stmt.type % REFERENCES.length];
        const all = x.ofType(scope, type);
        const to = x.pick(
          all.filter((v) => v.assignable),
          stmt.at,
        );
        const from = x.pick(all, stmt.other);
        if (to && from) this.line(`${to.name} = ${from.name};`);
        break;
      }
      case 'row': {
        const row = x.pick(x.ofType(scope, 'arr'), stmt.other)?.name;
        const matrix = x.pick(x.ofType(scope, 'mat'), stmt.at)?.name;
        const object = x.pick(x.ofType(scope, 'obj'), stmt.at)?.name;
        if (row && matrix) this.line(`${matrix}[${x.index(scope, stmt.index, 2)}] = ${row};`);
        else if (row && object) this.line(`${object}.v = ${row};`);
        break;
      }
      case 'expr': {
        const call = stmt.e.k === 'call' ? x.call(scope, stmt.e.at, stmt.e.args) : undefined;
        const text = call ?? x.expression(scope, stmt.e);
        this.line(`${withoutParentheses(text)};`);
        break;
      }
      case 'setFlag': {
        const name = x.pick(x.ofType(scope, 'flag'), stmt.at)?.name;
        if (name) this.line(`${name} = ${x.condition(scope, stmt.e)};`);
        break;
      }
      case 'step': {
        const name = x.pick(
          x.ofType(scope, 'int').filter((v) => v.assignable),
          stmt.at,
        )?.name;
        if (name) this.line(stmt.form % 2 ? `${name}++;` : `${name} = (${name} * 2 + 1) % 5;`);
        break;
      }
      case 'if':
        this.body(`if (${x.condition(scope, stmt.if)}) {`, stmt.then);
        if (stmt.else.length) {
          this.lines.pop();
          this.body('} else {', stmt.else);
        }
        break;
      case 'loop':
        this.loop(stmt);
        break;
      case 'each':
        this.each(stmt);
        break;
      case 'switch':
        this.choose(stmt);
        break;
      case 'block': {
        const label = this.name('L');
        this.body(`${label}: {`, stmt.body, { kind: 'block', label });
        break;
      }
      case 'exit':
        return this.exit(stmt);
      case 'inner':
        this.inner(stmt);
        break;
      case 'change': {
        const text = change(scope, stmt);
        if (text) this.line(text);
        break;
      }
      case 'try':
        this.attempt(stmt);
        break;
      case 'idiom':
        this.idiom(stmt);
        break;
    }
    return false;
  }

  private idiom(stmt: Extract<Stmt, { s: 'idiom' }>): void {
    const made = idiom(this.scope, stmt, (prefix) => this.name(prefix));
    if (made === undefined) return;
    for (const line of made.lines) this.line(line);
    this.variables = [...this.variables, ...(made.variables ?? [])];
    if (made.callable) this.callables = [...this.callables, made.callable];
  }

  private alias(stmt: Extract<Stmt, { s: 'alias' }>): void {
    if (stmt.at % 2 === 0 && this.given(stmt)) return;
    const type = REFERENCES[stmt.type % REFERENCES.length];
    const all = x.ofType(this.scope, type);
    const rows = type === 'arr' ? x.ofType(this.scope, 'mat', 'obj') : [];
    const texts = [
      ...all.map((v) => v.name),
      ...rows.map((v) => (v.type === 'mat' ? `${v.name}[${stmt.at % 2}]` : `${v.name}.v`)),
    ];
    const [a, b] = [x.pick(texts, stmt.at), x.pick(texts, stmt.other)];
    if (a === undefined || b === undefined) return;
    const text = stmt.if === undefined ? a : `${x.condition(this.scope, stmt.if)} ? ${a} : ${b}`;
    const constant = stmt.other % 2 === 0;
    this.line(`${constant ? 'const' : 'let'} ${this.declare('r', type, !constant)} = ${text};`);
  }

  /** What a function returns that is no number: something new, an argument, or an object of the module. */
  private given(stmt: Extract<Stmt, { s: 'alias' }>): boolean {
    const all = this.callables.flatMap(({ returns }) =>
      returns === 'num' || returns === 'void' ? [] : [returns],
    );
    const type = x.pick(all, stmt.type);
    const args = [{ k: 'var', at: stmt.at }] as const;
    const text = type && x.call(this.scope, stmt.other, args, type);
    if (!type || !text) return false;
    const constant = stmt.other % 2 === 0;
    this.line(`${constant ? 'const' : 'let'} ${this.declare('r', type, !constant)} = ${text};`);
    return true;
  }

  private loop(stmt: Extract<Stmt, { s: 'loop' }>): void {
    if (this.depth > 2) {
      this.block(stmt.body);
      return;
    }
    const label = stmt.label ? this.name('L') : undefined;
    const see = (variable: x.Variable | undefined) => {
      if (variable !== undefined) this.variables = [...this.variables, variable];
    };
    const shape = loopShape(stmt, this.scope, (prefix) => this.name(prefix), see);
    const prefix = label === undefined ? '' : `${label}: `;
    if (shape.before !== undefined) this.line(shape.before);
    const start = () => {
      see(shape.variable);
      if (shape.first !== undefined) this.line(shape.first);
    };
    this.body(prefix + shape.header, stmt.body, { kind: 'loop', label }, start, shape.close);
  }

  private each(stmt: Extract<Stmt, { s: 'each' }>): void {
    const over = x.pick(x.ofType(this.scope, 'arr', 'f64', 'mat'), stmt.at);
    if (over === undefined || this.depth > 2) {
      this.block(stmt.body);
      return;
    }
    const label = stmt.label ? this.name('L') : undefined;
    const name = this.name('e');
    const type = over.type === 'mat' ? 'arr' : 'num';
    const header = `${label ? `${label}: ` : ''}for (${stmt.changing ? 'let' : 'const'} ${name} of ${over.name}) {`;
    this.body(header, stmt.body, { kind: 'loop', label }, () => {
      this.variables = [...this.variables, { name, type, assignable: stmt.changing }];
    });
  }

  private choose(stmt: Extract<Stmt, { s: 'switch' }>): void {
    const cases = stmt.arms.length;
    this.line(`switch (Math.floor(Math.abs(${x.expression(this.scope, stmt.on)}) * 3) % ${cases + 1}) {`);
    this.inside(() => {
      this.jumps = [...this.jumps, { kind: 'switch' }];
      stmt.arms.forEach((arm: Arm, i) => {
        const test = i === stmt.fallback % (cases + 1) ? 'default' : `case ${i}`;
        this.body(`${test}: {`, arm.body);
        if (!arm.falls) this.line('break;');
      });
    });
    this.line('}');
  }

  /** A payload that carries a derivative, thrown here, or any error, also thrown by what is called. */
  private attempt(stmt: Extract<Stmt, { s: 'try' }>): void {
    const { payload } = stmt;
    x.count(this.scope, payload ? 'try with a payload' : 'try');
    this.body('try {', stmt.body, undefined, () => {
      this.caught = !payload;
      const thrown = payload ? `{ size: ${x.expression(this.scope, stmt.thrown)} }` : "new Error('stop')";
      this.line(`if (${x.condition(this.scope, stmt.throwIf)}) throw ${thrown};`);
    });
    this.lines.pop();
    const error = this.name('c');
    const start = () => {
      const size = this.declare('v', 'num', true);
      this.line(`let ${size} = ${payload ? `(${error} as { size: number }).size` : '0.2'};`);
    };
    this.body(`} catch ${payload ? `(${error}) ` : ''}{`, stmt.caught, undefined, start);
    if (stmt.last.length === 0) return;
    this.lines.pop();
    this.body('} finally {', stmt.last);
  }

  private exit(stmt: Extract<Stmt, { s: 'exit' }>): boolean {
    const inLoop = this.jumps.some((j) => j.kind === 'loop');
    const texts = [
      ...(this.jumps.some((j) => j.kind !== 'block') ? ['break;', 'break;'] : []),
      ...(inLoop ? ['continue;', 'continue;'] : []),
      ...this.jumps.flatMap(({ label, kind }) =>
        label === undefined
          ? []
          : kind === 'loop'
            ? [`break ${label};`, `continue ${label};`]
            : [`break ${label};`],
      ),
      'return',
    ];
    const text = x.pick(texts, stmt.at) ?? 'return';
    x.count(this.scope, `exit ${text.replace(/ .*/, ' label')}`);
    // most programs should reach their end
    if (text === 'return' && this.jumps.length === 0 && stmt.at % 3 > 0) return false;
    const full = text === 'return' ? this.result(stmt.e) : text;
    // an exit of the whole function always needs a condition, or most programs would end early
    if (stmt.always && this.jumps.length > 0) {
      this.line(full);
      return true;
    }
    this.line(`if (${x.condition(this.scope, stmt.if)}) ${full}`);
    return false;
  }

  private inner(stmt: Extract<Stmt, { s: 'inner' }>): void {
    const name = this.name('g');
    const param = { name: this.name('u'), type: 'num', assignable: true } as const;
    const outer = this.variables.filter(
      (v) => stmt.captures || v.global || (!v.assignable && !/^[ipe]\d/.test(v.name)),
    );
    const header = stmt.arrow
      ? `const ${name} = (${param.name}: number): number => {`
      : `function ${name}(${param.name}: number): number {`;
    const print = () => {
      this.depth = 1;
      this.block(stmt.body);
      this.line(this.result(stmt.e));
    };
    this.functionBody(header, [param], 'num', outer, print, stmt.arrow ? '};' : '}');
    this.callables = [...this.callables, { name, params: ['num'], returns: 'num', recursive: false }];
  }
}

/** Another declaration in the place of a map, a set or a dictionary. */
function withoutMap(stmt: Stmt): Stmt {
  if (stmt.s === 'record') return { ...stmt, type: 2 * stmt.type + 1 };
  if (stmt.s === 'map') return { s: 'tuple', e: stmt.e };
  return stmt.s === 'set' ? { s: 'list', form: 0, at: 0, e: stmt.e } : stmt;
}

/** What programs declare for what they use. */
const DECLARED: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\b(Vec|Heavy)\b/, CLASSES],
  [/\b(Shape|shapeOf|area)\b/, SHAPES],
  [/\b(lastOf|applied)\b/, GENERIC],
  [/\branked\b/, RANKED],
  [/\b(Act|Line|ACTS)\b/, ACTS],
  [/\b(Stack|Grid)\b/, BOXES],
];
/** What programs import. */
const OF_PACKAGE = ['checkpoint', 'checkpointed', 'implicit', 'stopGradient'];

/** Whether a derivative is cut off: differences do not know of that. */
export const isStopped = ({ used }: Pick<Rendered, 'used'>): boolean => used.has('Math.stopGradient');

/** Whether differences tell nothing: a derivative is cut off, or rounding to 32 bits makes steps of the function. */
export const isBeyondDifferences = (rendered: Pick<Rendered, 'used'>): boolean =>
  isStopped(rendered) || rendered.used.has('Math.fround');

/** Without parentheses around the whole. */
function withoutParentheses(text: string): string {
  let open = 0;
  const close = [...text].findIndex((c) => {
    open += c === '(' ? 1 : c === ')' ? -1 : 0;
    return open <= 0;
  });
  return close > 0 && close === text.length - 1 ? text.slice(1, -1) : text;
}

export function render(program: Program): Rendered {
  const printer = new Printer(program);
  printer.lines.push(
    ...['interface Obj {', '  a: number;', '  b: number;', '  v: number[];', '}'],
    'const RATE: number = 0.35;',
  );
  if (program.state.length > 0) printer.state(program);
  program.helpers.forEach((helper, i) => {
    printer.helper(helper, i);
  });
  printer.main(program);
  for (const [names, lines] of DECLARED)
    if (printer.lines.some((line) => names.test(line))) printer.lines.unshift(...lines);
  const imported = OF_PACKAGE.filter((name) => printer.lines.some((line) => line.includes(`${name}(`)));
  if (imported.length > 0) printer.lines.unshift(`import { ${imported.join(', ')} } from 'adjoint';`);
  return { source: `${printer.lines.join('\n')}\n`, used: printer.used, statements: printer.statements };
}
