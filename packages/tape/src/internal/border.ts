/**
 * The border between the caller's objects and the evaluation. Arguments are lifted in place: their numbers become
 * variables while the function runs, and numbers again when it has ended, also by an exception; so the function leaves
 * them as the plain function does. Instances of the user's classes get the rewritten class for that time.
 *
 * Where more than one path leads to an object, all paths but one see a stand-in, as if the caller had passed copies; if
 * either is written, the evaluation is refused (AD5001).
 */
import { Var } from '../var.js';
import { emptyLike, isContainer, isNative, keysBeside, ownValues, put } from './plain.js';
import { fail, type Run, twinOf } from './run.js';
import type { Branch, Shape } from './shape.js';
import { isReal, isTyped, setVariable, type TypedArray, variableAt } from './typed.js';

interface Path {
  readonly name: string;
  /** Set if the type of the argument contains itself: shared parts stay shared. */
  readonly parts: Map<object, Lifted> | undefined;
  readonly above: Set<object>;
}
interface Lifted {
  readonly value: any;
  readonly shape: Shape;
}

export class Border {
  /** Objects that a path leads to already. */
  private readonly reached = new Set<object>();
  private readonly buffers = new Set<ArrayBufferLike>();
  /** Instances with the prototype that they came with. */
  private readonly adopted: [instance: object, prototype: object][] = [];
  private readonly accessors: [object, PropertyKey, PropertyDescriptor][] = [];

  constructor(readonly run: Run) {}

  /** An object that is read without a derivative: state of modules, captured variables, other arguments. */
  passive(root: unknown): void {
    const open: unknown[] = [root];
    while (open.length > 0) {
      const x = open.pop();
      if (typeof x === 'function' && !isNative(x) && twinOf(x) === undefined) this.run.foreign.add(x);
      if (isTyped(x)) this.buffers.add(x.buffer);
      if (!isContainer(x) || this.reached.has(x)) continue;
      this.reached.add(x);
      this.adopt(x);
      this.adoptAccessors(x, x);
      if (Array.isArray(x) && typeof x[0] === 'number') continue;
      for (const [, value] of ownValues(x)) open.push(value);
    }
  }

  /** A stand-in if other paths lead to the object, which is then a constant on this one. */
  passiveArgument(x: any, name: string): any {
    if (!this.isReached(x)) {
      this.passive(x);
      return x;
    }
    return this.standIn(x, name);
  }
  /** Whether some part of a value was reached before. */
  private isReached(x: unknown, seen = new Set<unknown>()): boolean {
    if (isTyped(x)) return this.buffers.has(x.buffer);
    if (!isContainer(x) || seen.has(x)) return false;
    seen.add(x);
    return this.reached.has(x) || ownValues(x).some(([, value]) => this.isReached(value, seen));
  }
  private standIn(x: any, name: string, seen = new Map<object, object>()): any {
    if (isTyped(x)) {
      const copy = x.slice();
      this.compareTyped(x, copy, name);
      return copy;
    }
    if (!isContainer(x)) return x;
    const known = seen.get(x);
    if (known !== undefined) return known;
    const copy = emptyLike(x);
    seen.set(x, copy);
    for (const [key, value] of ownValues(x))
      put(copy, key, value instanceof Var ? value.value : this.standIn(value, name, seen));
    this.adopt(copy);
    this.compare(x, copy, name);
    return copy;
  }

  /** An argument to differentiate in. */
  lift(x: unknown, name: string, recursive: boolean): Lifted {
    return this.liftValue(x, { name, parts: recursive ? new Map() : undefined, above: new Set() });
  }

  private liftValue(x: unknown, path: Path): Lifted {
    if (typeof x === 'number') {
      const variable = this.run.tape.variable(x);
      return { value: variable, shape: variable };
    }
    if (x instanceof Var) {
      // lifted already, on another path
      if (x.tape === this.run.tape) return this.liftValue(x.value, path);
      throw new TypeError(`adjoint: ${path.name} is being differentiated in by another call`);
    }
    if (isTyped(x) && isReal(x)) return this.liftTyped(x, path);
    if (!isContainer(x)) {
      this.passive(x);
      return { value: x, shape: undefined };
    }
    const known = path.parts?.get(x);
    if (known !== undefined) return known;
    if (path.above.has(x)) throw new TypeError(`adjoint: ${path.name} refers to an object that contains it`);
    path.above.add(x);
    const lifted = this.liftContainer(x, path);
    path.above.delete(x);
    return lifted;
  }

  private liftTyped(x: TypedArray, path: Path): Lifted {
    const known = path.parts?.get(x);
    if (known !== undefined) return known;
    const shared = this.buffers.has(x.buffer);
    const value = shared ? x.slice() : x;
    this.buffers.add(x.buffer);
    const variables = this.run.tape.variables(x);
    variables.forEach((variable, k) => {
      setVariable(value, k, variable);
    });
    if (shared) this.compareTyped(x, value, path.name);
    const lifted: Lifted = { value, shape: { kind: 'typed', like: x.constructor, variables } };
    path.parts?.set(x, lifted);
    return lifted;
  }

  private liftContainer(x: any, path: Path): Lifted {
    const shared = this.reached.has(x) || isFixed(x);
    const value = shared ? emptyLike(x) : x;
    const shape = emptyShape(x);
    const lifted: Lifted = { value, shape };
    this.reached.add(x);
    path.parts?.set(x, lifted);
    this.adopt(value);
    this.adoptAccessors(x, value, path.name);
    for (const [key, inner] of ownValues(x)) {
      const isNumber = typeof inner === 'number';
      // names are for messages: not made for each number
      const part = this.liftValue(inner, isNumber ? path : { ...path, name: partName(path.name, x, key) });
      if (shared || part.value !== inner) put(value, key, part.value);
      addPart(shape, key, part.shape);
    }
    if (shared) {
      if (Object.isFrozen(x)) Object.freeze(value);
      this.compare(x, value, path.name);
    }
    return lifted;
  }

  /** Accessors of an object whose rewritten forms are known run those; others are refused in an argument, by its name. */
  private adoptAccessors(x: object, value: object, name?: string): void {
    for (const key of x instanceof Map || Array.isArray(x) ? [] : Reflect.ownKeys(x)) {
      const own = Object.getOwnPropertyDescriptor(x, key)!;
      if ('value' in own) continue;
      const get = own.get && this.run.twins.of(own.get);
      const set = own.set && this.run.twins.of(own.set);
      if ((own.get && !get) || (own.set && !set) || (value === x && !own.configurable)) {
        if (name === undefined) continue;
        throw new TypeError(
          `adjoint: ${partName(name, x, key)} is an accessor: it has no derivative of its own`,
        );
      }
      Object.defineProperty(value, key, { ...own, get, set } as PropertyDescriptor);
      if (value === x) this.accessors.push([x, key, own]);
    }
  }

  private adopt(x: object): void {
    const prototype = Object.getPrototypeOf(x);
    const twin = prototype && this.run.twins.prototypeOf(prototype);
    // a frozen object keeps the class that it has
    if (twin === undefined || twin === null || !Object.isExtensible(x)) return this.noteMethods(prototype);
    this.adopted.push([x, prototype]);
    Object.setPrototypeOf(x, twin);
  }
  /** Methods of classes that were not rewritten. */
  private noteMethods(prototype: object | null): void {
    for (let p = prototype; p !== null && !isNative(p.constructor); p = Object.getPrototypeOf(p))
      for (const [, f] of ownValues(p))
        if (typeof f === 'function' && !isNative(f) && twinOf(f) === undefined) this.run.foreign.add(f);
  }

  /** Notes a stand-in, and sees to it that neither side is written. */
  private compare(original: any, copy: any, name: string): void {
    this.run.originals.set(copy, original);
    const before = ownValues(original);
    const after = ownValues(copy);
    this.run.checks.push(() => {
      if (isEqual(ownValues(original), before) && isEqual(ownValues(copy), after)) return;
      refuseShared(name);
    });
  }
  private compareTyped(original: TypedArray, copy: TypedArray, name: string): void {
    this.run.originals.set(copy, original);
    const state = (a: TypedArray) => Array.from(a, (x, k) => [x, variableAt(this.run, a, k)] as [any, any]);
    const before = state(original);
    const after = state(copy);
    this.run.checks.push(() => {
      if (!isEqual(state(original), before) || !isEqual(state(copy), after)) refuseShared(name);
    });
  }

  /** Makes numbers of all variables in reach, and gives instances their own class back. */
  lower(root: any): any {
    const open: any[] = [];
    const outside = (x: any): any => {
      if (x instanceof Var) return x.value;
      if (typeof x !== 'object' || x === null) return x;
      const own = this.run.originals.get(x) ?? x;
      open.push(own);
      return own;
    };
    const result = outside(root);
    while (open.length > 0) {
      const x = open.pop();
      if (!isContainer(x) || this.lowered.has(x)) continue;
      this.lowered.add(x);
      for (const [key, value] of references(x)) {
        const own = outside(value);
        if (own !== value) putBack(x, key, own);
      }
      const prototype = this.run.twins.originalOf(Object.getPrototypeOf(x) ?? x);
      if (prototype !== undefined) Object.setPrototypeOf(x, prototype);
    }
    return result;
  }
  private readonly lowered = new Set<object>();

  restore(): void {
    for (const [x, prototype] of this.adopted) Object.setPrototypeOf(x, prototype);
    for (const [x, key, own] of this.accessors) Object.defineProperty(x, key, own);
  }
}

/** What an object holds but numbers, of which long arrays may consist. */
function references(x: object): [key: any, value: any][] {
  if (!Array.isArray(x)) return ownValues(x);
  const found: [any, any][] = [];
  for (let k = 0; k < x.length; k++) {
    const value: unknown = x[k];
    if (typeof value === 'object' && value !== null) found.push([k, value]);
  }
  for (const key of keysBeside(x)) found.push([key, (x as any)[key]]);
  return found;
}

const refuseShared = (name: string): never =>
  fail(
    `AD5001: \`${name}\` and another path lead to the same object or memory, and it is written here; pass a copy of one of them`,
  );

/** Whether something in the object cannot be replaced. */
const isFixed = (x: object): boolean =>
  Object.isFrozen(x) ||
  (!Array.isArray(x) &&
    Reflect.ownKeys(x).some((key) => Object.getOwnPropertyDescriptor(x, key)?.writable === false));

function isEqual(list: readonly [any, any][], other: readonly [any, any][]): boolean {
  return (
    list.length === other.length &&
    list.every(([key, value], k) => Object.is(key, other[k][0]) && Object.is(value, other[k][1]))
  );
}

function emptyShape(x: object): Branch {
  if (x instanceof Map) return { kind: 'map', entries: [] };
  if (!Array.isArray(x)) return { kind: 'object', fields: [] };
  return { kind: 'array', items: new Array<Shape>(x.length).fill(undefined) };
}
function addPart(to: Branch, key: any, part: Shape): void {
  if (to.kind === 'map') to.entries.push([key, part]);
  else if (to.kind === 'object') to.fields.push([key, part]);
  else if (to.kind === 'array') to.items[key] = part;
}
function partName(name: string, x: object, key: unknown): string {
  if (x instanceof Map) return `${name}.get(${String(key)})`;
  return Array.isArray(x) ? `${name}[${String(key)}]` : `${name}.${String(key)}`;
}

/** Also where the function has frozen what it put a variable in. */
function putBack(to: any, key: any, value: unknown): void {
  if (to instanceof Map || Object.getOwnPropertyDescriptor(to, key)?.writable) put(to, key, value);
  else fail(`adjoint: ${String(key)} of a frozen object holds a value with a derivative`);
}
