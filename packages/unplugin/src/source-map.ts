import type { Edit } from '@adjoint/compiler';
import MagicString from 'magic-string';

/** The map, as JSON, from the text with `edits` to `code`. Inserted text maps to nothing. */
export function sourceMap(code: string, edits: readonly Edit[], file: string): string {
  const text = new MagicString(code);
  for (const edit of edits) text.appendLeft(edit.at, edit.text);
  return text.generateMap({ source: file, includeContent: true, hires: 'boundary' }).toString();
}
