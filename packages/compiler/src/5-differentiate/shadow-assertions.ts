/** Check mode: assertions that the forward sweep makes about shadows (LANGUAGE.md R2, R3, R4). */
import { OPAQUE, type ValueId, type ValueTable } from '../ir/nodes.js';
import { isRef } from '../ir/types.js';
import type { Builder } from './builder.js';

export interface CheckedTwins {
  /** What the evaluation knows of itself, made by the entry. */
  readonly entry: ValueId;
  /** Whether an object of this memory has one shadow only, whichever way it is reached. */
  readonly unique: (ref: ValueId) => boolean;
  /** Shadows are zero until the reverse sweep; tangents are not. */
  readonly zero: boolean;
}

export class ShadowAssertions {
  /** In the function at hand. */
  private checks: ValueId | undefined;
  /** By key of the function. */
  readonly of = new Map<string, ValueId>();
  /** Shadows that have a partner, with its name: the reverse sweep uses no other. */
  readonly known = new Map<ValueId, string>();

  constructor(
    private readonly values: ValueTable,
    private readonly options: CheckedTwins | undefined,
  ) {}

  /** Begins a function; gives what it and its calls pass on beyond the user's arguments. */
  enter(key: string, isEntry: boolean): void {
    if (this.options === undefined) return;
    this.checks = isEntry ? this.options.entry : this.values.fresh({ type: OPAQUE, name: 'checks' });
    this.of.set(key, this.checks);
  }
  passed(): readonly ValueId[] {
    return this.checks === undefined ? [] : [this.checks];
  }

  begin(b: Builder): void {
    if (this.options === undefined) return;
    const results = [this.options.entry];
    b.emit({ kind: 'runtime', name: 'beginChecks', args: [], literals: [], effect: 'effect', results });
  }

  /** A reference and its twin are at hand. */
  paired(b: Builder, v: ValueId, twin: ValueId | undefined): void {
    if (this.checks === undefined || twin === undefined || !isRef(this.values.type(v))) return;
    if (!this.options?.unique(v)) return;
    this.known.set(twin, this.name(v));
    b.assertion('pairShadow', [this.checks, v, twin], [this.name(v)]);
  }
  /** A shadow was made; of memory that is not `active` there may be others. */
  made(b: Builder, v: ValueId, twin: ValueId, active = true): void {
    if (this.checks !== undefined && this.options?.zero && isRef(this.values.type(v)))
      b.runtime('ownShadow', [this.checks, twin], [this.name(v)], 'effect', undefined);
    if (active) this.paired(b, v, twin);
  }

  private name(v: ValueId): string {
    const { name } = this.values.get(v);
    return JSON.stringify(name === undefined ? 'an object' : `\`${name}\``);
  }
}
