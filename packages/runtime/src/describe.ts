/** What a value that does not fit is called in messages. */
export function describe(x: unknown): string {
  if (x === null || x === undefined) return String(x);
  if (Array.isArray(x)) return 'an array';
  return typeof x === 'object' ? `an object of class ${x.constructor?.name ?? 'unknown'}` : `a ${typeof x}`;
}

export function mismatch(path: string, expected: string, x: unknown): never {
  throw new TypeError(`adjoint: ${path} should be ${expected}, but is ${describe(x)}`);
}
