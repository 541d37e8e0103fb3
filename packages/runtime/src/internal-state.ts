/** What a function changes outside of its arguments: objects and variables of modules, of the scope around, the receiver. */
import { snapshot } from './internal-compare.js';

type Fn = (...args: never[]) => unknown;

/** A variable outside that the function assigns. */
export type Variable = readonly [read: () => unknown, write: (value: unknown) => void];

/** What the function may change outside. Objects are read anew each time: a variable may hold another one by then. */
export class Outside {
  constructor(
    readonly objects: () => readonly unknown[],
    readonly variables: readonly Variable[],
  ) {}

  /** What there is now. */
  all(): readonly unknown[] {
    return [...this.objects(), ...this.variables.map(([read]) => read())];
  }
  /** The function returned puts variables back, and what their objects hold. */
  snapshot(): () => void {
    const values = this.variables.map(([read]) => read());
    const restore = snapshot(this.all());
    return () => {
      this.variables.forEach(([, write], k) => {
        write(values[k]);
      });
      restore();
    };
  }
}

export const STATE = Symbol.for('adjoint.state');

/** Marks generated code that a matrix is made by in several runs: each of them begins with the same state. */
export function withState(
  generated: Fn,
  objects: () => readonly unknown[],
  variables: () => readonly Variable[] = () => [],
): Fn {
  return Object.assign(generated, { [STATE]: () => new Outside(objects, variables()).snapshot() });
}

/** Keeps the state now; what is returned puts it back. */
export function keepState(generated: Fn | undefined): () => void {
  const keep = (generated as { [STATE]?: () => () => void } | undefined)?.[STATE];
  return keep?.() ?? (() => undefined);
}
