import { describe } from './describe.js';
import { TapeStorage } from './storage.js';
import { sweepContributions, sweepCotangents } from './sweep.js';
import { Var } from './var.js';

export interface TapeOptions {
  /** Nodes and edges to reserve at first (default 1024); the tape doubles when it is full. */
  readonly capacity?: number;
}

interface Sweep {
  readonly outputs: readonly Var[];
  readonly seeds: readonly number[];
}

/**
 * A recording of scalar operations that can be swept backwards, any number of times.
 *
 * There is no current tape: every `Var` knows its own, so any number of tapes may be in use at once, and an exception
 * half way leaves nothing behind but the nodes recorded so far.
 */
export class Tape {
  private readonly storage: TapeStorage;
  private cotangents: Float64Array = new Float64Array(0);
  private absolutes: Float64Array = new Float64Array(0);
  private absolutesValid = false;
  private lastSweep: Sweep | undefined;
  /** Number of the last node that the last sweep visited; later nodes have cotangent zero. */
  private lastSwept = -1;
  private currentEpoch = 0;
  /** What the first operator of the language that was applied to one of the variables has thrown. */
  misuse: unknown;
  /** Texts that were made of variables: whoever reads a number from one loses its derivative. */
  readonly texts = new Set<string>();

  constructor(options: TapeOptions = {}) {
    const capacity = options.capacity ?? 1024;
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`the capacity of a tape must be a positive integer, but it is ${capacity}`);
    }
    this.storage = new TapeStorage(capacity);
  }

  /** Nodes recorded since the last reset, variables included. */
  get length(): number {
    return this.storage.nodeCount;
  }

  /** Counts the resets: a `Var` of an earlier epoch is refused. */
  get epoch(): number {
    return this.currentEpoch;
  }

  /** A new independent variable. */
  variable(value: number): Var {
    if (typeof value !== 'number') {
      throw new TypeError(`a variable needs a number, but it was given ${describe(value)}`);
    }
    this.storage.reserve(0);
    return this.close(0, value);
  }

  /** One new independent variable for each element. */
  variables(values: ArrayLike<number>): Var[] {
    const variables: Var[] = [];
    for (let k = 0; k < values.length; k++) variables.push(this.variable(values[k]));
    return variables;
  }

  /**
   * Records an operation of one's own: its value, and its partial derivative in each operand, both evaluated at the
   * operands' values. An operand may be given more than once.
   */
  record(value: number, operands: readonly Var[], partials: ArrayLike<number>): Var {
    if (operands.length !== partials.length) {
      throw new RangeError(
        `${operands.length} operands were given with ${partials.length} partial derivatives`,
      );
    }
    for (const operand of operands) this.requireVar(operand);
    this.storage.reserve(operands.length);
    for (let k = 0; k < operands.length; k++) this.storage.setEdge(k, operands[k].id, partials[k]);
    return this.close(operands.length, value);
  }

  /** `record` for one operand, without arrays. */
  recordOne(value: number, operand: Var, partial: number): Var {
    this.requireOwn(operand);
    this.storage.reserve(1);
    this.storage.setEdge(0, operand.id, partial);
    return this.close(1, value);
  }

  /** `record` for two operands, without arrays. */
  recordTwo(value: number, left: Var, leftPartial: number, right: Var, rightPartial: number): Var {
    this.requireOwn(left);
    this.requireOwn(right);
    this.storage.reserve(2);
    this.storage.setEdge(0, left.id, leftPartial);
    this.storage.setEdge(1, right.id, rightPartial);
    return this.close(2, value);
  }

  /**
   * Sweeps backwards from an output (seed 1 if none is given), or from several outputs with a seed each. Replaces the
   * cotangents of the sweep before. O(nodes + edges) up to the last output.
   */
  backward(output: Var, seed?: number): void;
  backward(outputs: readonly Var[], seeds: ArrayLike<number>): void;
  backward(output: Var | readonly Var[], seed: number | ArrayLike<number> = 1): void {
    const outputs = output instanceof Var ? [output] : output;
    const seeds = typeof seed === 'number' ? [seed] : Array.from(seed);
    if (!Array.isArray(outputs)) throw new TypeError(`the output is not a Var but ${describe(outputs)}`);
    if (outputs.length !== seeds.length) {
      throw new RangeError(`${outputs.length} outputs were given with ${seeds.length} seeds`);
    }
    for (const each of outputs) this.requireVar(each);
    this.lastSweep = undefined; // until the sweep is done: running out of memory must not leave an old result
    this.lastSwept = outputs.reduce((last, each) => Math.max(last, each.id), -1);
    this.absolutesValid = false;
    this.cotangents = this.cleared(this.cotangents);
    outputs.forEach((each, k) => {
      this.cotangents[each.id] += seeds[k];
    });
    sweepCotangents(this.storage, this.cotangents, this.lastSwept);
    this.lastSweep = { outputs: outputs.slice(), seeds };
  }

  /** Derivative of the last sweep's output (weighted by its seed) in `variable`, which may be an intermediate value. */
  cotangent(variable: Var): number {
    this.requireSwept(variable, 'cotangent');
    return variable.id > this.lastSwept ? 0 : this.cotangents[variable.id];
  }

  /**
   * Sum of the absolute contributions of which `cotangent` is the sum, one for each path to the last sweep's outputs:
   * the scale for a tolerance. The first call after a sweep runs a second one with absolute partials.
   */
  contributions(variable: Var): number {
    const sweep = this.requireSwept(variable, 'contributions');
    if (!this.absolutesValid) this.sweepAbsolutes(sweep);
    return variable.id > this.lastSwept ? 0 : this.absolutes[variable.id];
  }

  /** Starts again with the same memory. Every `Var` recorded before becomes invalid, and using one is an error. */
  reset(): void {
    this.storage.clear();
    this.currentEpoch++;
    this.misuse = undefined;
    this.texts.clear();
    this.lastSweep = undefined;
    this.lastSwept = -1;
    this.absolutesValid = false;
  }

  private sweepAbsolutes({ outputs, seeds }: Sweep): void {
    this.absolutes = this.cleared(this.absolutes);
    outputs.forEach((output, k) => {
      this.absolutes[output.id] += Math.abs(seeds[k]);
    });
    sweepContributions(this.storage, this.absolutes, this.lastSwept);
    this.absolutesValid = true;
  }

  /** Zeros for every node up to `lastSwept`, in `buffer` if it is long enough. */
  private cleared(buffer: Float64Array): Float64Array {
    if (buffer.length <= this.lastSwept) return new Float64Array(this.storage.ends.length);
    return buffer.fill(0, 0, this.lastSwept + 1);
  }

  private close(edges: number, value: number): Var {
    return new Var(this, this.storage.closeNode(edges), value, this.currentEpoch);
  }

  private requireSwept(variable: Var, method: string): Sweep {
    this.requireVar(variable);
    if (this.lastSweep === undefined) throw new Error(`${method}() was called before backward()`);
    return this.lastSweep;
  }

  private requireVar(candidate: Var): void {
    if (!(candidate instanceof Var)) {
      throw new TypeError(`a Var was expected, but ${describe(candidate)} was given`);
    }
    this.requireOwn(candidate);
  }

  private requireOwn(operand: Var): void {
    if (operand.tape !== this) {
      throw new TypeError(
        'a Var of another tape was given: operands must share one tape (pass its value instead)',
      );
    }
    if (operand.epoch !== this.currentEpoch) {
      throw new TypeError('a Var was given that was recorded before its tape was reset');
    }
  }
}
