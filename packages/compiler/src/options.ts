/** Options of the compiler, as the plugins take them. */
import type { ts } from './host/ts.js';

/** Forms that are cheaper than the general one, where their condition holds. */
export const CHEAP_FORMS = [
  /** Records that nobody else sees become variables. */
  'scalars',
  /** Shadows of leaf arrays and records are made when the reverse sweep comes to them. */
  'lateShadows',
  /** Transcendental values that are the same in all trips of a loop around are read from a table. */
  'tables',
  /** Loops that count run backwards by their step: neither their variable nor their trips are stored. */
  'countedLoops',
  /** Of what the reverse sweep needs, the cheaper part is computed again. */
  'recomputation',
  /** What neither the result nor the reverse sweep needs of the forward sweep is left out. */
  'deadForward',
  /** What the adjoint of `a[i] += e` takes out of a slot, to put it back again, stays there. */
  'selfUpdates',
  /** What a loop adds to one slot is summed up in a variable first. */
  'localSums',
  /** A reverse loop is skipped where the primal chose something else than what the loop computed. */
  'zeroGuards',
  /** The adjoint of a trip runs in the trip, where the trips are independent: one loop in the place of two. */
  'fusedLoops',
  /** What is added to an element first is stored, and not added. */
  'firstWrites',
  /** Arrays that nothing else sees lie in one array that is there already. */
  'workArray',
  /** The columns of a matrix are computed several in one run. */
  'lanes',
] as const;
export type CheapForm = (typeof CHEAP_FORMS)[number];
export type CheapForms = ReadonlySet<CheapForm>;
export const ALL_CHEAP_FORMS: CheapForms = new Set(CHEAP_FORMS);

export interface CompilerOptions {
  /** Emit code that checks itself while it runs (slow; for tests and for reports). */
  readonly check?: boolean;
  /** Print the IR after the pass of this name (`all` for every pass), or what is stored and why (`report`). */
  readonly dump?: string;
  /** The cheap forms that may be used: all of them (`true`), none, or those named. For tests: gradients are the same without. */
  readonly cheapForms?: boolean | readonly CheapForm[];
  /** What is otherwise for a marker call. For tests, which compile one function in several ways. */
  readonly formOf?: (call: ts.CallExpression) => Pick<CompilerOptions, 'check' | 'cheapForms'> | undefined;
}

export const cheapFormsOf = (cheapForms: CompilerOptions['cheapForms'] = true): CheapForms =>
  cheapForms === true ? ALL_CHEAP_FORMS : new Set(cheapForms === false ? [] : cheapForms);

const is =
  (type: string, what = `a ${type}`) =>
  (value: unknown): string | undefined =>
    typeof value === type ? undefined : what;
function isCheapForms(value: unknown): string | undefined {
  const names: readonly unknown[] = CHEAP_FORMS;
  const fits = typeof value === 'boolean' || (Array.isArray(value) && value.every((v) => names.includes(v)));
  return fits ? undefined : `a boolean or a list of ${CHEAP_FORMS.join(', ')}`;
}
/** What each option must be, if the value is not that. */
const KNOWN = { check: is('boolean'), dump: is('string'), cheapForms: isCheapForms } as const;

/** Reads options from a configuration file; each unknown name or wrong type is one message that names it. */
export function validateOptions(raw: unknown): { options: CompilerOptions; errors: string[] } {
  if (raw === undefined || raw === null) return { options: {}, errors: [] };
  if (typeof raw !== 'object')
    return { options: {}, errors: [`the options must be an object, not a ${typeof raw}`] };
  const errors: string[] = [];
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    const wrong = Object.hasOwn(KNOWN, name) ? KNOWN[name as keyof typeof KNOWN](value) : undefined;
    if (!Object.hasOwn(KNOWN, name))
      errors.push(`unknown option \`${name}\`; known are ${Object.keys(KNOWN).join(', ')}`);
    else if (wrong !== undefined) errors.push(`option \`${name}\` must be ${wrong}`);
    else options[name] = value;
  }
  return { options, errors };
}
