/** Gradients of random programs without the cheap forms of the compiler, beside the usual ones. */
import { CHEAP_FORMS, type CheapForm } from '../../packages/compiler/src/options.js';
import { compareForms, type Form } from '../support/cheap-forms.js';
import type { Subject } from '../support/checks.js';
import { type Compiled, compileSources, type Exports } from '../support/compile.js';
import type { AnyFunction } from '../support/numeric.js';
import type { Program } from './ast.js';
import type { Rendered } from './render.js';
import { StateWatch } from './state.js';
import { activePositions } from './values.js';

/** Forms that may be used. */
export type Allowed = readonly CheapForm[];
/** In each round none of them, and in every second one all but one, each in its turn. */
export function formsOf(round: number): Allowed[] {
  const left = CHEAP_FORMS[(round >> 1) % CHEAP_FORMS.length];
  return round % 2 === 0 ? [[]] : [[], CHEAP_FORMS.filter((form) => form !== left)];
}

/** A batch of programs, compiled with some forms only. */
export interface General {
  readonly without: string;
  readonly compiled: Compiled;
}
const formOf = (program: Program): Form => (program.vector ? 'vjp' : 'valueAndGrad');

export function compileGeneral(
  programs: readonly Program[],
  rendered: readonly Rendered[],
  allowed: Allowed,
): General {
  const module = (program: Program, { source }: Rendered): string => {
    const form = formOf(program);
    const options = program.vector ? '' : `, { argnums: [${activePositions(program).join(', ')}] }`;
    return `import { ${form} } from 'adjoint';\n${source}\nexport const f_${form} = ${form}(f${options});\n`;
  };
  const sources = Object.fromEntries(programs.map((p, i) => [`p${i}.ts`, module(p, rendered[i])]));
  return {
    without: CHEAP_FORMS.filter((form) => !allowed.includes(form)).join(', '),
    compiled: compileSources(sources, { cheapForms: allowed, keepGoing: true }),
  };
}

/** The derivative of one program without some forms, or why there is none. */
export interface GeneralCode {
  readonly without: string;
  readonly refused: readonly string[];
  readonly exports: Exports;
}
export async function loadGeneral({ without, compiled }: General, file: string): Promise<GeneralCode> {
  const crash = compiled.crashes.get(file);
  const errors = compiled.diagnostics.filter((d) => d.severity === 'error' && d.file.endsWith(`/${file}`));
  const refused = [...(crash ? [String(crash)] : []), ...errors.map((d) => `${d.code} ${d.message}`)];
  return { without, refused, exports: refused.length > 0 ? {} : await compiled.load(file) };
}

/** A code of a construct, not of an internal error. */
const REFUSAL = /^AD[1-5]/;

export function checkGeneral(
  program: Program,
  subject: Subject,
  usual: StateWatch,
  { without, refused, exports }: GeneralCode,
): string[] {
  // without the forms less is known of a program, so that more is refused: a number in dead code seems to matter
  const wrong = refused.filter((why) => !REFUSAL.test(why));
  if (refused.length > 0) return wrong.map((why) => `without ${without}: ${why}`);
  const form = formOf(program);
  const watch = new StateWatch(exports, usual.left);
  const [want, got] = [usual, watch].map(({ derivatives }) => derivatives[`f_${form}`] as AnyFunction);
  return [...compareForms(subject, form, want, got), ...watch.problems].map(
    (p) => `without ${without}: ${p}`,
  );
}
