/** The heads of the loops of random programs: every kind of loop, none of them endless. */
import type { Stmt } from './ast.js';
import * as x from './render-expression.js';

export interface LoopShape {
  /** A statement before the loop. */
  readonly before?: string;
  readonly header: string;
  /** The first statement of the body. */
  readonly first?: string;
  readonly close?: string;
  /** What the body sees. */
  readonly variable?: x.Variable;
}

/** `name` makes fresh names; `see` declares a counter that lives outside the loop, before its condition is printed. */
export function loopShape(
  stmt: Extract<Stmt, { s: 'loop' }>,
  scope: x.Scope,
  name: (prefix: string) => string,
  see: (variable: x.Variable) => void,
): LoopShape {
  const { trips } = stmt;
  const form = stmt.form % 15;
  x.count(scope, `loop form ${form}`);
  const test = () => x.condition(scope, stmt.if);
  const array = x.pick(x.ofType(scope, 'arr', 'f64'), trips)?.name;
  const counted = (header: (i: string) => string): LoopShape => {
    const i = name('i');
    return { header: `for (${header(i)}) {`, variable: { name: i, type: 'int', assignable: false } };
  };
  if (form <= 2) return counted((i) => `let ${i} = 0; ${i} < ${trips}; ${i}++`);
  if (form === 3) return counted((i) => `let ${i} = ${trips}; ${i} > 0; ${i}--`);
  if (form === 4) return counted((i) => `let ${i} = 0; ${i} <= ${2 * trips}; ${i} += 2`);
  if (form === 5 && array) return counted((i) => `let ${i} = 0; ${i} < ${array}.length; ${i}++`);
  if (form === 6) {
    const text = test();
    return counted((i) => `let ${i} = 0; ${i} < ${trips} && ${text}; ${i}++`);
  }
  if (form === 7) {
    const [start, step] = [x.expression(scope, stmt.e), x.expression(scope, stmt.e)];
    const t = name('t');
    const header = `for (let ${t} = Math.sin(${start}); ${t} < 1.7; ${t} += 0.9 + 0.3 * Math.sin(${step})) {`;
    return { header, variable: { name: t, type: 'num', assignable: false } };
  }
  if (form === 8) {
    const j = name('j');
    return counted((i) => `let ${i} = 0, ${j} = ${trips + 1}; ${i} < ${j}; ${i}++, ${j}--`);
  }
  if (form >= 12) return runAgain(form, trips, name, test);
  const i = name('i');
  const before = `let ${i} = 0;`;
  see({ name: i, type: 'int', assignable: false });
  const text = test();
  if (form === 9) return { before, header: `while (${i}++ < ${trips} && ${text}) {` };
  if (form === 10) return { before, header: 'do {', close: `} while (++${i} < ${trips} && ${text});` };
  return { before, header: 'for (;;) {', first: `if (${i}++ >= ${trips} || ${text}) break;` };
}

/** Loops whose trips run again in the reverse sweep; the last kind does not know how many there are. */
function runAgain(
  form: number,
  trips: number,
  name: (prefix: string) => string,
  test: () => string,
): LoopShape {
  const options = form === 12 ? `, { snapshots: ${1 + (trips % 3)} }` : '';
  const text = test();
  const i = name('i');
  const variable: x.Variable = { name: i, type: 'int', assignable: false };
  if (form < 14) return { header: `for (const ${i} of checkpointed(${trips + 1}${options})) {`, variable };
  return {
    header: `for (const ${i} of checkpointed()) {`,
    first: `if (${i} >= ${trips} || ${text}) break;`,
    variable,
  };
}
