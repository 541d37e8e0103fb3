/** Check mode: an argument must be what its type says, down to the elements of its arrays (LANGUAGE.md R9). */
import { checkArray, checkTyped, field, mismatch, type Schema } from './internal-trees.js';

/** Throws a `TypeError` that names the path of the first part that is something else. A hole in an array is no number yet. */
export function checkElements(x: unknown, schema: Schema, path: string): void {
  if (schema === 'n') {
    if (typeof x !== 'number') mismatch(path, 'a number', x);
    return;
  }
  if (schema === 'f64' || schema === 'f32') return checkTyped(x, schema, path);
  if (typeof schema === 'string') return;
  const [kind, inner] = schema;
  if (kind === '?') {
    if (x !== undefined && x !== null) checkElements(x, inner as Schema, path);
    return;
  }
  if (kind === 'o') {
    for (const [key, s] of Object.entries(inner as Record<string, Schema>))
      if (s !== 'x') checkElements(field(x, key, path), s, `${path}.${key}`);
    return;
  }
  checkArray(x, path);
  if (kind === 't')
    (inner as readonly Schema[]).forEach((s, k) => {
      checkElements(x[k], s, `${path}[${k}]`);
    });
  else
    x.forEach((e, k) => {
      if (e !== undefined || inner !== 'n') checkElements(e, inner as Schema, `${path}[${k}]`);
    });
}
