/** Gradients of the tape beside those of generated adjoints. */
import {
  checkGradForms,
  checkPullback,
  checkValueAndGrad,
  cotangentOf,
  positions,
  type Subject,
} from './checks.js';
import { type AnyFunction, hashText } from './numeric.js';
import { bitDifference, cloneTree, leafValues } from './tree.js';

/** Rounding of the two sums, relative to the sum of absolute contributions. */
const ROUNDING = 1e-9;
const SINGLE = 1e-6;

type Taped = Readonly<Record<string, AnyFunction>>;
type Pullback = ((cotangent: unknown) => unknown[]) & { contributions(cotangent: unknown): unknown[] };

/** The pullback of the tape, with all that must hold for one, against that of the generated adjoint. */
export function checkAgainstTape(
  subject: Subject,
  name: string,
  taped: Taped,
  adjoint: AnyFunction,
  finiteOnly = false,
): string[] {
  const seed = hashText(name);
  const own = checkPullback(subject, taped[`${name}_vjp`], seed);
  const problems = own.problems.map((p) => `tape: ${p}`);
  const cotangent = cotangentOf(own.value, seed);
  const [, pullback] = adjoint(...cloneTree(subject.args)) as [unknown, Pullback];
  const [, onTape] = taped[`${name}_vjp`](...cloneTree(subject.args)) as [unknown, Pullback];
  const pick = (all: unknown[]) => leafValues(positions(subject).map((k) => all[k]));
  const [got, want, scale] = [
    pick(pullback(cotangent)),
    pick(onTape(cotangent)),
    pick(onTape.contributions(cotangent)),
  ];
  if (got.length !== want.length) return [...problems, `${got.length} leaves, ${want.length} on the tape`];
  const tolerance = JSON.stringify(kinds(subject.args)).includes('Float32Array') ? SINGLE : ROUNDING;
  got.forEach((x, i) => {
    if (finiteOnly && !(Number.isFinite(want[i]) && Number.isFinite(scale[i]))) return;
    const near = Object.is(x, want[i]) || x === want[i] || Math.abs(x - want[i]) <= tolerance * scale[i];
    if (!near) problems.push(`leaf ${i}: adjoint ${x}, tape ${want[i]} (contributions ${scale[i]})`);
  });
  return problems;
}
/** Names of the typed arrays in a value. */
function kinds(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return '';
  if (ArrayBuffer.isView(value)) return value.constructor.name;
  return Object.values(value).map(kinds);
}

/** `valueAndGrad`, `grad` and `gradInto` of the tape, and its pullback beside them. */
export function checkTapeForms(subject: Subject, name: string, taped: Taped): string[] {
  const outcome = checkValueAndGrad(subject, taped[`${name}_valueAndGrad`]);
  const forms = { grad: taped[`${name}_grad`], gradInto: taped[`${name}_gradInto`] };
  const problems = [...outcome.problems, ...checkGradForms(subject, outcome, forms)];
  const [, pullback] = taped[`${name}_vjp`](...cloneTree(subject.args)) as [unknown, Pullback];
  const pulled = pullback(1);
  const leaves = leafValues(positions(subject).map((k) => pulled[k]));
  const difference = bitDifference(leaves, leafValues(outcome.gradient));
  if (difference !== undefined) problems.push(`pullback: ${difference}`);
  return problems.map((p) => `tape: ${p}`);
}
