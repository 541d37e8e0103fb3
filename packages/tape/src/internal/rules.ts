/**
 * Functions with a derivative rule of the user's (`customVjp`, `customJvp` of package `adjoint`, which marks them with a symbol): the
 * rule runs on plain numbers, and each number that it gives is recorded with its partial derivatives.
 */
import { Var } from '../var.js';
import { copyPlain, isContainer, ownValues, put } from './plain.js';
import { currentRun, fail } from './run.js';
import { isReal, isTyped, setVariable, variableAt } from './typed.js';

interface Rules {
  readonly f: (...args: any[]) => unknown;
  readonly vjp?: Rule;
  readonly jvp?: Rule;
}
type Rule = (...args: any[]) => any;
const RULE = Symbol.for('adjoint.rule');

export const rulesOf = (f: any): Rules | undefined => f[RULE];

/** Calls a function with a rule; without a variable among the arguments, its plain form. */
export function applyRule(rules: Rules, name: string, args: any[]): any {
  const operands: (Var | undefined)[] = [];
  for (const x of args) numbersOf(x, (_, variable) => operands.push(variable));
  const variables = operands.filter((v) => v !== undefined);
  const run = currentRun();
  if (variables.length === 0 || run === undefined) return rules.f(...args);
  const plain = (): any[] => args.map((x) => copyPlain(x));
  const { value, partials } = rules.vjp
    ? byRows(rules.vjp, name, plain)
    : byColumns(rules.f(...plain()), rules.jvp!, plain, operands);
  let k = 0;
  return withNumbers(copyPlain(value), (x) => {
    const row = partials(k++);
    const own = operands.flatMap((v, i) => (v === undefined ? [] : [row[i] ?? 0]));
    return own.some((p) => p !== 0) ? run.tape.record(x, variables, own) : x;
  });
}

type Jacobian = { readonly value: any; readonly partials: (k: number) => number[] };

/** A row is what the pullback gives for a cotangent of one. */
function byRows(rule: Rule, name: string, plain: () => any[]): Jacobian {
  const args = plain();
  const [value, pullback] = rule(...args);
  const partials = (k: number): number[] => {
    let at = 0;
    const gradients = pullback(withNumbers(copyPlain(value), () => (at++ === k ? 1 : 0)));
    return args.flatMap((x, i) => {
      const zeros = leaves(x).map(() => 0);
      const g = gradients[i] === undefined || gradients[i] === null ? zeros : leaves(gradients[i]);
      if (g.length !== zeros.length)
        fail(`the pullback of \`${name}\` gives ${g.length} numbers for argument ${i}`);
      return g;
    });
  };
  return { value, partials };
}
/** A column is the tangent along one number of the arguments. */
function byColumns(value: any, rule: Rule, plain: () => any[], operands: readonly unknown[]): Jacobian {
  const columns = operands.map((_, i) => {
    let at = 0;
    const tangents = plain().map((x) => withNumbers(x, () => (at++ === i ? 1 : 0)));
    return leaves(rule(plain(), tangents)[1]);
  });
  return { value, partials: (k) => columns.map((c) => c[k] ?? 0) };
}

function leaves(x: unknown): number[] {
  const out: number[] = [];
  numbersOf(x, (value) => out.push(value));
  return out;
}
/** Goes through the numbers of a value in a fixed order. */
function numbersOf(x: any, visit: (value: number, variable: Var | undefined) => void): void {
  const run = currentRun();
  if (x instanceof Var) visit(x.value, x);
  else if (typeof x === 'number') visit(x, undefined);
  else if (isTyped(x) && isReal(x))
    for (let k = 0; k < x.length; k++) visit(x[k], run && variableAt(run, x, k));
  else if (isContainer(x)) for (const [, part] of ownValues(x)) numbersOf(part, visit);
}
/** The value with other numbers, changed in place. */
function withNumbers(x: any, give: (value: number) => any): any {
  if (typeof x === 'number') return give(x);
  if (isTyped(x) && isReal(x))
    for (let k = 0; k < x.length; k++) {
      const n = give(x[k]);
      if (n instanceof Var) setVariable(x, k, n);
      else x[k] = n;
    }
  else if (isContainer(x)) for (const [key, part] of ownValues(x)) put(x, key, withNumbers(part, give));
  return x;
}
