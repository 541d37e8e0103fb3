/** A gradient by another package, at the point of an instance. */
export interface Peer {
  readonly run: () => number;
  /** Where it leaves the gradient. */
  readonly out: Float64Array;
}
