/** Where the variables of a value stand, apart from the value itself, which the function may change. */
import { Var } from '../var.js';

/** A `Var` for a number, `undefined` for what is not numeric. */
export type Shape = Var | undefined | Branch;
export type Branch =
  | { readonly kind: 'typed'; readonly like: any; readonly variables: readonly (Var | undefined)[] }
  | { readonly kind: 'array'; readonly items: Shape[] }
  | { readonly kind: 'object'; readonly fields: [key: any, shape: Shape][] }
  | { readonly kind: 'map'; readonly entries: [key: any, shape: Shape][] };

type Read = (variable: Var) => number;

/**
 * Fresh numbers in the structure of a value. What is not numeric is `undefined` in arrays and left out of objects; a
 * part that occurs twice (in a type that contains itself) is one object again.
 */
export function rebuild(shape: Shape, read: Read, seen = new Map<Branch, unknown>()): any {
  if (shape === undefined) return undefined;
  if (shape instanceof Var) return read(shape);
  if (seen.has(shape)) return seen.get(shape);
  const note = <T>(made: T): T => {
    seen.set(shape, made);
    return made;
  };
  switch (shape.kind) {
    case 'typed': {
      const out = note(new shape.like(shape.variables.length));
      shape.variables.forEach((x, k) => {
        if (x !== undefined) out[k] = read(x);
      });
      return out;
    }
    case 'array': {
      const out = note([] as unknown[]);
      for (const item of shape.items) out.push(rebuild(item, read, seen));
      return out;
    }
    case 'map': {
      const out = note(new Map());
      for (const [key, inner] of shape.entries)
        if (isNumeric(inner)) out.set(key, rebuild(inner, read, seen));
      return out;
    }
    case 'object': {
      const out = note({} as Record<string, unknown>);
      for (const [key, inner] of shape.fields) {
        if (!isNumeric(inner)) continue;
        const value = rebuild(inner, read, seen);
        Object.defineProperty(out, key, { value, writable: true, enumerable: true, configurable: true });
      }
      return out;
    }
  }
}

/** Whether a shape has a place for numbers; an empty list is one. */
function isNumeric(shape: Shape, above = new Set<Branch>()): boolean {
  if (shape === undefined || shape instanceof Var) return shape !== undefined;
  if (above.has(shape)) return false;
  above.add(shape);
  switch (shape.kind) {
    case 'typed':
      return true;
    case 'array':
      return shape.items.length === 0 || shape.items.some((x) => isNumeric(x, above));
    case 'map':
      return shape.entries.length === 0 || shape.entries.some(([, x]) => isNumeric(x, above));
    case 'object':
      return shape.fields.some(([, x]) => isNumeric(x, above));
  }
}
