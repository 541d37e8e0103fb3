/** A few words for an unexpected value in an error message: `undefined`, `a string`, `an instance of Promise`. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const prototype: { constructor?: { name?: string } } | null = Object.getPrototypeOf(value);
  const name = prototype?.constructor?.name;
  return name === undefined || name === 'Object' ? 'an object' : `an instance of ${name}`;
}
