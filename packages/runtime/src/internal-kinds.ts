/** Derivatives of functions whose arguments are lists of one kind or another: which of them fits is asked in each call. */
import { CHECKED } from './checked-key.js';
import { keepState, STATE } from './internal-state.js';

type Fn = (...args: never[]) => unknown;
type ListKind = 'Array' | 'Float64Array' | 'Float32Array';

/** The arguments of the user's function among those of a generated one of this form. */
export function inputsOf(form: string, args: readonly unknown[]): readonly unknown[] {
  if (form.startsWith('jvp')) return args[0] as readonly unknown[];
  if (form.startsWith('hvp')) return [args[0], ...args.slice(2)];
  return form === 'gradInto' ? args.slice(1) : args;
}

const IS_OF: Readonly<Record<ListKind, (x: unknown) => boolean>> = {
  Array: (x) => Array.isArray(x),
  Float64Array: (x) => x instanceof Float64Array,
  Float32Array: (x) => x instanceof Float32Array,
};

/**
 * Of generated functions of one form, the one for the kinds of lists that come: `lists` has the positions of the arguments with
 * their kinds, and `all` each combination of these, the last list changing first. What is of no kind is left to the first one,
 * which says so.
 */
export function byKind(
  form: string,
  lists: readonly (readonly [position: number, ...kinds: ListKind[]])[],
  ...all: Fn[]
): Fn {
  const choose = (among: readonly Fn[]): Fn => {
    const chosen = (...args: unknown[]): unknown => {
      const inputs = inputsOf(form, args);
      let k = 0;
      for (const [position, ...kinds] of lists) {
        const found = kinds.findIndex((kind) => IS_OF[kind](inputs[position]));
        k = k * kinds.length + Math.max(found, 0);
      }
      return (among[k] as (...args: unknown[]) => unknown)(...args);
    };
    return chosen as Fn;
  };
  const chosen = choose(all);
  const bindings = all.map((f) => (f as { [CHECKED]?: (f: Fn) => Fn })[CHECKED]);
  if (bindings[0]) Object.assign(chosen, { [CHECKED]: (f: Fn) => choose(bindings.map((bind) => bind!(f))) });
  if (all.some((f) => STATE in f)) Object.assign(chosen, { [STATE]: () => together(all.map(keepState)) });
  return chosen;
}
const together =
  (restores: readonly (() => void)[]): (() => void) =>
  () => {
    for (const restore of restores) restore();
  };
