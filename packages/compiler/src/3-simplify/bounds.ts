/**
 * **Question**: how much is one number at least above another? **Method**: known bounds `a >= b + c` are edges from `b` to `a`; the
 * longest path is the best bound that follows (Pratt 1977). A cycle that gains says that the bounds contradict each other.
 */

/** A number, by the name of what it is above, and how much. */
export interface Term {
  readonly of: string;
  readonly plus: number;
}

export class Bounds {
  private readonly edges = new Map<string, Map<string, number>>();
  private closed: Map<string, Map<string, number>> | undefined;

  /** States that `a >= b + gap`. */
  atLeast(a: Term, b: Term, gap: number): void {
    const from = this.node(b.of);
    this.node(a.of);
    const weight = gap + b.plus - a.plus;
    from.set(a.of, Math.max(from.get(a.of) ?? Number.NEGATIVE_INFINITY, weight));
    this.closed = undefined;
  }
  /** A lower bound of `a - b`. */
  difference(a: Term, b: Term): number {
    const between = a.of === b.of ? 0 : (this.paths().get(b.of)?.get(a.of) ?? Number.NEGATIVE_INFINITY);
    return between + a.plus - b.plus;
  }
  areImpossible(): boolean {
    return [...this.paths()].some(([name, to]) => (to.get(name) ?? 0) > 0);
  }

  private node(name: string): Map<string, number> {
    const known = this.edges.get(name);
    if (known) return known;
    const made = new Map<string, number>();
    this.edges.set(name, made);
    return made;
  }
  private paths(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    if (this.closed) return this.closed;
    const all = new Map([...this.edges].map(([name, to]) => [name, new Map(to)] as const));
    for (const [k, behind] of all)
      for (const from of all.values()) {
        const first = from.get(k);
        if (first === undefined) continue;
        for (const [to, next] of [...behind]) {
          const sum = first + next;
          if (sum > (from.get(to) ?? Number.NEGATIVE_INFINITY)) from.set(to, sum);
        }
      }
    this.closed = all;
    return all;
  }
}
