/** Gradients of random programs without the cheap forms of the compiler, beside the usual ones. */
import ts from 'typescript';
import { CHEAP_FORMS, type CheapForm, type CompilerOptions } from '../../packages/compiler/src/options.js';
import { compareForms, type Form } from '../support/cheap-forms.js';
import type { Subject } from '../support/checks.js';
import { compileSources, type Exports } from '../support/compile.js';
import type { Program } from './ast.js';
import type { Rendered } from './render.js';
import { StateWatch } from './state.js';
import { activePositions } from './values.js';

/** Forms that may be used. */
export type Allowed = readonly CheapForm[];
/** Those that gradients may have: lanes are for matrices. */
const OF_GRADIENTS = CHEAP_FORMS.filter((form) => form !== 'lanes');
/** In each round none of them, and in every second one all but one, each in its turn. */
export function formsOf(round: number): Allowed[] {
  const left = OF_GRADIENTS[(round >> 1) % OF_GRADIENTS.length];
  return round % 2 === 0 ? [[]] : [[], CHEAP_FORMS.filter((form) => form !== left)];
}

const formOf = (program: Program): Form => (program.vector ? 'vjp' : 'valueAndGrad');
const exported = (k: number, form: Form): string => `general${k}_${form}`;

/** The marker calls whose derivatives may use the forms of each list only. */
export const generalCalls = (program: Program, count: number): string[] => {
  const form = formOf(program);
  const options = program.vector ? '' : `, { argnums: [${activePositions(program).join(', ')}] }`;
  return Array.from({ length: count }, (_, k) => `export const ${exported(k, form)} = ${form}(f${options});`);
};

/** The position in the list of forms, for a marker call of `generalCalls`. */
export function generalOf(call: ts.CallExpression): number | undefined {
  const { parent } = call;
  const name = ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name.text : '';
  const found = /^general(\d+)_/.exec(name);
  return found ? Number(found[1]) : undefined;
}

/** The options of the marker calls of `generalCalls`. */
export const formsIn =
  (forms: readonly Allowed[]): NonNullable<CompilerOptions['formOf']> =>
  (call) => {
    const k = generalOf(call);
    return k === undefined ? undefined : { check: false, cheapForms: forms[k] };
  };

/** The derivative of one program without some forms, or why there is none. */
export interface GeneralCode {
  readonly without: string;
  readonly refused: readonly string[];
  /** The name it is exported by. */
  readonly name: string;
  readonly exports: Exports;
}
const withoutOf = (allowed: Allowed): string =>
  CHEAP_FORMS.filter((form) => !allowed.includes(form)).join(', ');

/** The derivatives in a module that has `generalCalls`. */
export const generalIn = (program: Program, forms: readonly Allowed[], exports: Exports): GeneralCode[] =>
  forms.map((allowed, k) => ({
    without: withoutOf(allowed),
    refused: [],
    name: exported(k, formOf(program)),
    exports,
  }));

/** A module of its own for each list of forms, where not all of them can be compiled. */
export const loadGeneral = (
  program: Program,
  { source }: Rendered,
  forms: readonly Allowed[],
): Promise<GeneralCode[]> =>
  Promise.all(
    generalCalls(program, forms.length).map(async (call, k) => {
      const form = formOf(program);
      const text = `import { ${form} } from 'adjoint';\n${source}\n${call}\n`;
      const compiled = compileSources({ 'p.ts': text }, { formOf: formsIn(forms), keepGoing: true });
      const errors = compiled.diagnostics.filter((d) => d.severity === 'error');
      const refused = [
        ...[...compiled.crashes.values()].map(String),
        ...errors.map((d) => `${d.code} ${d.message}`),
      ];
      const exports = refused.length > 0 ? {} : await compiled.load('p.ts');
      return { without: withoutOf(forms[k]), refused, name: exported(k, form), exports };
    }),
  );

/** A code of a construct, not of an internal error. */
const REFUSAL = /^AD[1-5]/;

export function checkGeneral(
  program: Program,
  subject: Subject,
  usual: StateWatch,
  { without, refused, name, exports }: GeneralCode,
): string[] {
  // without the forms less is known of a program, so that more is refused: a number in dead code seems to matter
  const wrong = refused.filter((why) => !REFUSAL.test(why));
  if (refused.length > 0) return wrong.map((why) => `without ${without}: ${why}`);
  const form = formOf(program);
  const watch = new StateWatch(exports, usual.left);
  const want = usual.derivatives[`f_${form}`];
  const got = watch.derivatives[name];
  return [...compareForms(subject, form, want, got), ...watch.problems].map(
    (p) => `without ${without}: ${p}`,
  );
}
