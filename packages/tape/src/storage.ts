/** Node and edge numbers must fit an `Int32Array`. */
const LARGEST_CAPACITY = 2 ** 31 - 1;

/**
 * The recorded operations as a struct of arrays, in compressed rows: node `n` depends on
 * `operands[e]` with partial derivative `partials[e]` for `ends[n - 1] <= e < ends[n]`.
 *
 * A node costs 4 bytes and an edge 12. Operands always have smaller numbers than the node they belong to.
 * The arrays are replaced when they grow, so nobody may keep them across a call of `reserve`.
 */
export class TapeStorage {
  nodeCount = 0;
  edgeCount = 0;
  ends: Int32Array;
  operands: Int32Array;
  partials: Float64Array;

  constructor(capacity: number) {
    this.ends = new Int32Array(capacity);
    this.operands = new Int32Array(capacity);
    this.partials = new Float64Array(capacity);
  }

  /** Forgets all nodes and keeps the memory. */
  clear(): void {
    this.nodeCount = 0;
    this.edgeCount = 0;
  }

  /** Makes room for a node with that many edges, so that writing it cannot fail half way. */
  reserve(edges: number): void {
    if (this.nodeCount === this.ends.length) this.growNodes();
    while (this.edgeCount + edges > this.operands.length) this.growEdges();
  }

  /** Writes edge `k` of the next node, after `reserve`. It does not count before `closeNode`. */
  setEdge(k: number, operand: number, partial: number): void {
    const edge = this.edgeCount + k;
    this.operands[edge] = operand;
    this.partials[edge] = partial;
  }

  /** Finishes a node with its first `edges` edges, after `reserve`, and returns its number. */
  closeNode(edges: number): number {
    const node = this.nodeCount;
    this.edgeCount += edges;
    this.ends[node] = this.edgeCount;
    this.nodeCount = node + 1;
    return node;
  }

  private growNodes(): void {
    const ends = allocate(Int32Array, doubled(this.ends.length));
    ends.set(this.ends);
    this.ends = ends;
  }

  /** Both arrays are allocated before either is replaced: running out of memory leaves the tape as it was. */
  private growEdges(): void {
    const capacity = doubled(this.operands.length);
    const operands = allocate(Int32Array, capacity);
    const partials = allocate(Float64Array, capacity);
    operands.set(this.operands);
    partials.set(this.partials);
    this.operands = operands;
    this.partials = partials;
  }
}

/** A generated adjoint records only what it needs, and can run parts again. */
const ADVICE =
  'without `backend: "tape"`, checkpoint(f) and checkpointed(n) of adjoint need less (checkpointing)';

function doubled(capacity: number): number {
  if (capacity >= LARGEST_CAPACITY)
    throw new RangeError(`the tape is full: it holds at most ${capacity} entries; ${ADVICE}`);
  return Math.min(2 * capacity, LARGEST_CAPACITY);
}
function allocate<T>(
  type: { new (length: number): T; readonly BYTES_PER_ELEMENT: number },
  length: number,
): T {
  try {
    return new type(length);
  } catch {
    const bytes = length * type.BYTES_PER_ELEMENT;
    throw new RangeError(`the tape has no room for ${length} entries (${bytes} bytes); ${ADVICE}`);
  }
}
