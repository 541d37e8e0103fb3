import { isDeepStrictEqual } from 'node:util';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { SCALAR_RULES, type ScalarRule, scalarRule } from '../../../packages/compiler/src/rules/scalar.js';
import { randomNumbers } from '../../support/numeric.js';

/** An emitted expression: its text, how strongly it binds, and the value that the table gives. */
interface Expr {
  readonly text: string;
  readonly prec: number;
  readonly value: unknown;
}
const ENV: Readonly<Record<string, unknown>> = {
  x: 1.75,
  y: -2.5,
  z: 0,
  m: -0,
  n: Number.NaN,
  i: 7,
  j: -3,
  inf: Infinity,
  p: true,
  q: false,
};
const KNOWN: Record<'number' | 'boolean', readonly string[]> = {
  number: ['x', 'y', 'z', 'm', 'n', 'i', 'j', 'inf'],
  boolean: ['p', 'q'],
};
const variable = (name: string): Expr => ({ text: name, prec: 18, value: ENV[name] });
function literal(value: number): Expr {
  return {
    text: Object.is(value, -0) ? '-0' : String(value),
    prec: value < 0 || Object.is(value, -0) ? 14 : 18,
    value,
  };
}
const LITERALS = [0, 1, 2, -1, -0, 0.5, -2.5, 1e21, 1e-7].map(literal);

function apply(rule: ScalarRule, args: readonly Expr[]): Expr {
  const operand = (k: number, prec: number) => (args[k].prec < prec ? `(${args[k].text})` : args[k].text);
  const value = rule.evaluate(...args.map((a) => a.value));
  return { text: rule.emit(operand, args.length), prec: rule.prec, value };
}

function run(text: string): unknown {
  return new Function(...Object.keys(ENV), `return ${text};`)(...Object.values(ENV));
}
/** The text read by TypeScript, which sees type arguments where JavaScript sees comparisons. */
function runAsTypeScript(text: string): unknown {
  const { outputText, diagnostics } = ts.transpileModule(`(${text})`, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  expect(diagnostics?.map((d) => d.messageText)).toEqual([]);
  return run(
    outputText
      .replace(/^"use strict";/, '')
      .trim()
      .replace(/;$/, ''),
  );
}

class Generator {
  constructor(private readonly random: () => number) {}
  below(n: number): number {
    return Math.floor(((this.random() + 1) / 2) * n);
  }
  pick<T>(xs: readonly T[]): T {
    return xs[this.below(xs.length)];
  }
  leaf(type: 'number' | 'boolean'): Expr {
    if (type === 'number' && this.below(3) === 0) return this.pick(LITERALS);
    return variable(this.pick(KNOWN[type]));
  }
  expression(type: 'number' | 'boolean', depth: number): Expr {
    if (depth === 0 || this.below(6) === 0) return this.leaf(type);
    const rules = [...SCALAR_RULES.values()].filter((r) => r.result === type || r.result === 'same');
    return this.of(this.pick(rules), type, depth);
  }
  of(rule: ScalarRule, type: 'number' | 'boolean', depth: number): Expr {
    const n = rule.arity === 'n' ? 1 + this.below(3) : rule.arity;
    return apply(
      rule,
      Array.from({ length: n }, (_, k) => this.expression(this.operandType(rule, type, k), depth - 1)),
    );
  }
  private operandType(rule: ScalarRule, type: 'number' | 'boolean', k: number): 'number' | 'boolean' {
    if (rule.name === 'select' && k === 0) return 'boolean';
    if (rule.result === 'same') return type;
    if (rule.operands !== 'any') return rule.operands;
    return rule.name === 'num' || rule.name === 'not' ? 'boolean' : 'number';
  }
}

const resultType = (rule: ScalarRule) => (rule.result === 'boolean' ? 'boolean' : 'number');
const ALL = [...SCALAR_RULES.values()];
/** Tells -0 from 0, and takes NaN for NaN. */
const same = (a: unknown, b: unknown) => isDeepStrictEqual(a, b);

describe('every entry', () => {
  it.each(ALL)('$name: text and table agree on leaves', (rule) => {
    const g = new Generator(randomNumbers(ALL.indexOf(rule) + 1));
    for (let k = 0; k < 60; k++) {
      const e = g.of(rule, resultType(rule), 1);
      expect(same(run(e.text), e.value), `${e.text} is ${run(e.text)}, not ${e.value}`).toBe(true);
    }
  });
  it.each(ALL)('$name: nested in and around every other entry', (rule) => {
    const g = new Generator(randomNumbers(ALL.indexOf(rule) + 1000));
    for (let k = 0; k < 120; k++) {
      const e = g.of(rule, resultType(rule), 3);
      expect(same(run(e.text), e.value), `${e.text} is ${run(e.text)}, not ${e.value}`).toBe(true);
    }
  });
});

it('means the same to TypeScript, in lists too', () => {
  const g = new Generator(randomNumbers(99));
  const texts: string[] = [];
  const values: unknown[] = [];
  for (let k = 0; k < 400; k++) {
    const es = Array.from({ length: 3 }, () => g.expression('boolean', 2));
    texts.push(`[${es.map((e) => e.text).join(', ')}]`);
    values.push(es.map((e) => e.value));
  }
  expect(runAsTypeScript(`[${texts.join(', ')}]`)).toEqual(values);
});

it('is not read as type arguments and a call', () => {
  const e = (fn: string, ...args: Expr[]) => apply(scalarRule(fn), args);
  const [x, y, i] = ['x', 'y', 'i'].map(variable);
  const product = e('mul', e('add', x, y), i);
  const [less, greater] = [e('lt', y, x), e('gt', i, product)];
  expect(runAsTypeScript(`[${less.text}, ${greater.text}]`)).toEqual([true, true]);
  // what it is guarded against
  expect(() => runAsTypeScript(`[y < x, i > ${product.text}]`)).toThrow();
});

describe('pitfalls of the grammar', () => {
  const [x, y, z] = ['x', 'y', 'z'].map(variable);
  const minusOne = literal(-1);
  const e = (fn: string, ...args: Expr[]) => apply(scalarRule(fn), args);
  const table: readonly (readonly [Expr, string])[] = [
    [e('pow', e('neg', x), literal(2)), '(-x) ** 2'],
    [e('pow', minusOne, x), '(-1) ** x'],
    [e('neg', e('pow', x, literal(2))), '-(x ** 2)'],
    [e('pow', x, minusOne), 'x ** -1'],
    [e('pow', e('pow', x, y), z), '(x ** y) ** z'],
    [e('pow', x, e('pow', y, z)), 'x ** y ** z'],
    [e('mul', e('pow', x, y), z), 'x ** y * z'],
    [e('sub', x, e('sub', y, z)), 'x - (y - z)'],
    [e('sub', e('sub', x, y), z), 'x - y - z'],
    [e('add', x, e('add', y, z)), 'x + (y + z)'],
    [e('sub', x, e('neg', y)), 'x - -y'],
    [e('sub', x, minusOne), 'x - -1'],
    [e('neg', e('neg', x)), '-(-x)'],
    [e('neg', minusOne), '-(-1)'],
    [e('neg', e('bitnot', x)), '-~x'],
    [e('plus', e('plus', x)), '+(+x)'],
    [e('plus', e('neg', x)), '+-x'],
    [e('add', x, e('plus', y)), 'x + +y'],
    [e('div', x, e('mul', y, z)), 'x / (y * z)'],
    [e('mul', x, e('div', y, z)), 'x * (y / z)'],
    [e('div', e('mul', x, y), z), 'x * y / z'],
    [e('neg', e('mul', x, y)), '-(x * y)'],
    [e('not', e('lt', x, y)), '!(x < y)'],
    [e('truthy', x), '!!x'],
    [e('isNullish', x), 'x == null'],
    [e('or', e('and', variable('p'), variable('q')), variable('p')), 'p && q || p'],
    [e('and', e('or', variable('p'), variable('q')), variable('p')), '(p || q) && p'],
    [e('select', e('lt', x, y), x, e('select', variable('p'), y, z)), 'x < y ? x : p ? y : z'],
    [e('add', e('select', variable('p'), x, y), z), '(p ? x : y) + z'],
    [e('gt', x, e('bitor', y, z)), '(y | z) < x'],
    [e('strong', e('add', x, y), e('mul', y, z)), 'x + y === 0 ? 0 : (x + y) * (y * z)'],
    [e('unwrap', e('add', x, y)), '(x + y)'],
    [e('max', x, e('add', y, z)), 'Math.max(x, y + z)'],
  ];
  it.each(table.map(([expr, text]) => ({ expr, text })))('$text', ({ expr, text }) => {
    expect(expr.text).toBe(text);
    expect(run(text)).toEqual(expr.value);
  });
});
