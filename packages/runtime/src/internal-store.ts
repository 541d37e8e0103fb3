/** Where the contents of typed arrays are kept until a part of a function runs again from there. */

export type NumberArray =
  | Float64Array
  | Float32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/**
 * Keeps the contents of typed arrays: those of the states of a loop over `checkpointed`, where they are the bulk. The default is
 * memory; `fileStore` of `adjoint/node` is a file. One store may serve several loops at once.
 */
export interface SnapshotStore {
  /** Keeps what the arrays hold now; gives what `load` and `drop` are told. */
  save(arrays: readonly NumberArray[]): unknown;
  /** Gives arrays of the same lengths what was kept; may be called several times. */
  load(ticket: unknown, arrays: readonly NumberArray[]): void;
  /** What was kept is not needed any more. */
  drop(ticket: unknown): void;
}

const used = new WeakSet<object>();
/** Notes that snapshots are kept there: only derivatives change such an object. */
export const noteStore = (store: SnapshotStore): void => void used.add(store);
export const isUsedStore = (x: unknown): boolean => typeof x === 'object' && x !== null && used.has(x);

/** Copies of more lengths than these are not worth keeping: the arrays grow. */
const MOST_LENGTHS = 16;

/** In memory. Copies that were dropped are used again: to get fresh memory from the system costs more than to copy. */
export class MemoryStore implements SnapshotStore {
  private readonly idle = new Map<number, Uint8Array[]>();

  save(arrays: readonly NumberArray[]): readonly Uint8Array[] {
    return arrays.map((x) => {
      const copy = this.idle.get(x.byteLength)?.pop() ?? new Uint8Array(x.byteLength);
      copy.set(bytesOf(x));
      return copy;
    });
  }
  load(ticket: unknown, arrays: readonly NumberArray[]): void {
    const copies = ticket as readonly Uint8Array[];
    arrays.forEach((x, k) => {
      bytesOf(x).set(copies[k]);
    });
  }
  drop(ticket: unknown): void {
    for (const copy of ticket as readonly Uint8Array[]) {
      const same = this.idle.get(copy.length);
      if (same) same.push(copy);
      else {
        if (this.idle.size >= MOST_LENGTHS) this.idle.clear();
        this.idle.set(copy.length, [copy]);
      }
    }
  }
}

/** The memory of a typed array. */
export const bytesOf = (x: NumberArray): Uint8Array =>
  new Uint8Array(x.buffer as ArrayBuffer, x.byteOffset, x.byteLength);
