/**
 * **Question**: of the values that the reverse sweep needs, which are stored and which recomputed? **Method**: one minimum
 * cut. A node per value is split into `in -> out` with the price of storing it; `source -> in` costs its recomputation,
 * `out(argument) -> in` is infinite, and needed values lead to the sink. Maximum
 * flow by Dinic's algorithm.
 */
export interface CutNode<V> {
  readonly value: V;
  readonly storeCost: number;
  /** Infinite if the value cannot be computed again. */
  readonly recomputeCost: number;
  /** Values that a recomputation reads, without those that are at hand anyway. */
  readonly args: readonly V[];
  readonly needed: boolean;
}

const INFINITE = 1e15;
const EPSILON = 1e-9;

class FlowGraph {
  private readonly head: number[] = [];
  private readonly to: number[] = [];
  private readonly next: number[] = [];
  private readonly capacity: number[] = [];

  node(): number {
    this.head.push(-1);
    return this.head.length - 1;
  }
  edge(a: number, b: number, capacity: number): void {
    for (const [x, y, c] of [
      [a, b, capacity],
      [b, a, 0],
    ]) {
      this.to.push(y);
      this.capacity.push(c);
      this.next.push(this.head[x]);
      this.head[x] = this.to.length - 1;
    }
  }
  private levels(source: number): Int32Array {
    const level = new Int32Array(this.head.length).fill(-1);
    level[source] = 0;
    const queue = [source];
    for (const u of queue)
      for (let e = this.head[u]; e >= 0; e = this.next[e])
        if (this.capacity[e] > EPSILON && level[this.to[e]] < 0) {
          level[this.to[e]] = level[u] + 1;
          queue.push(this.to[e]);
        }
    return level;
  }
  /** Saturates the graph; true for the nodes still reachable from the source. */
  saturate(source: number, sink: number): (node: number) => boolean {
    for (;;) {
      const level = this.levels(source);
      if (level[sink] < 0) return (n) => level[n] >= 0;
      const cursor = Int32Array.from(this.head);
      while (this.augment(source, sink, level, cursor) > EPSILON);
    }
  }
  /** Pushes flow along one shortest path, without recursion: paths are as long as the user's expressions. */
  private augment(source: number, sink: number, level: Int32Array, cursor: Int32Array): number {
    const path: number[] = [];
    let u = source;
    while (u !== sink) {
      const e = cursor[u];
      if (e < 0) {
        if (u === source) return 0;
        level[u] = -1;
        const back = path.pop() as number;
        u = this.to[back ^ 1];
        cursor[u] = this.next[cursor[u]];
      } else if (this.capacity[e] > EPSILON && level[this.to[e]] === level[u] + 1) {
        path.push(e);
        u = this.to[e];
      } else cursor[u] = this.next[e];
    }
    const flow = Math.min(...path.map((e) => this.capacity[e]));
    for (const e of path) {
      this.capacity[e] -= flow;
      this.capacity[e ^ 1] += flow;
    }
    return flow;
  }
}

/** Splits the values into those to store and those to recompute; values in neither set are not needed. */
export function minimumCut<V>(nodes: readonly CutNode<V>[]): { stored: Set<V>; recomputed: Set<V> } {
  const graph = new FlowGraph();
  const source = graph.node();
  const sink = graph.node();
  const inOf = new Map<V, number>();
  for (const n of nodes) {
    inOf.set(n.value, graph.node());
    graph.node();
  }
  const outOf = (v: V): number => (inOf.get(v) as number) + 1;
  for (const n of nodes) {
    const at = inOf.get(n.value) as number;
    graph.edge(at, at + 1, n.storeCost);
    graph.edge(source, at, Math.min(n.recomputeCost, INFINITE));
    for (const a of n.args) if (inOf.has(a)) graph.edge(outOf(a), at, INFINITE);
    if (n.needed) graph.edge(at + 1, sink, INFINITE);
  }
  const reachable = graph.saturate(source, sink);
  const stored = new Set<V>();
  const candidates = new Set<V>();
  for (const n of nodes) {
    const at = inOf.get(n.value) as number;
    if (reachable(at) && !reachable(at + 1)) stored.add(n.value);
    else if (!reachable(at)) candidates.add(n.value);
  }
  return { stored, recomputed: reallyNeeded(nodes, stored, candidates) };
}

/** Of the values that may be recomputed, those that something needed depends on. */
function reallyNeeded<V>(nodes: readonly CutNode<V>[], stored: Set<V>, candidates: ReadonlySet<V>): Set<V> {
  const byValue = new Map(nodes.map((n) => [n.value, n]));
  const found = new Set<V>();
  const used = new Set<V>();
  const queue = nodes.filter((n) => n.needed).map((n) => n.value);
  for (const v of queue) {
    if (used.has(v)) continue;
    used.add(v);
    if (stored.has(v) || !candidates.has(v)) continue;
    found.add(v);
    queue.push(...(byValue.get(v)?.args ?? []).filter((a) => byValue.has(a)));
  }
  for (const v of stored) if (!used.has(v)) stored.delete(v);
  return found;
}
