/**
 * What the marker calls of a file share: `grad(f)` and `jvp(f)` lower the same function, and analyse it once.
 *
 * Values are only ever added to the table of a function, and names given to them are taken back, so that what one marker call makes
 * of it means nothing to the next.
 */
import { Inference } from './2-lower/inference.js';
import { Diagnostics, type Place } from './diagnostics/diagnostic.js';
import { ValueTable } from './ir/nodes.js';

/** Of one function with arguments of the same types, seen through the same markers. */
export class Shared {
  readonly inference = new Inference();
  readonly values = new ValueTable();
  /** What is to be said with what is reported of an operation, by its place. */
  readonly notes = new Map<string, Place & { readonly message: string }>();
  private readonly made = new Map<string, { readonly result: unknown; readonly forgetNames: () => void }>();

  /** Makes something, or gives what was made by that name; again where something was reported, which names the marker call. */
  once<T>(name: string, diagnostics: Diagnostics, make: (reported: Diagnostics) => T): T {
    const known = this.made.get(name);
    known?.forgetNames();
    if (known) return known.result as T;
    const reported = new Diagnostics();
    const result = make(reported);
    if (reported.size === 0) this.made.set(name, { result, forgetNames: this.values.rememberNames() });
    diagnostics.addAll(reported);
    return result;
  }
}
