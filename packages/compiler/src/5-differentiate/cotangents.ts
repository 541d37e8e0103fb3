/** Cotangents of values while the reverse sweep is built, by scope: an arm of an `if` sees and shadows those around it. */
import type { ValueId } from '../ir/nodes.js';

export class Cotangents {
  private readonly own = new Map<ValueId, ValueId | undefined>();

  constructor(readonly parent?: Cotangents) {}

  /** The cotangent of a value; absent means zero. */
  get(v: ValueId): ValueId | undefined {
    if (this.own.has(v)) return this.own.get(v);
    return this.parent?.get(v);
  }
  set(v: ValueId, cotangent: ValueId | undefined): void {
    this.own.set(v, cotangent);
  }
  /** Values whose cotangent this scope has set. */
  touched(): Iterable<ValueId> {
    return this.own.keys();
  }
  child(): Cotangents {
    return new Cotangents(this);
  }
}
