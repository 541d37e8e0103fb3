import { readFileSync } from 'node:fs';

/**
 * The generated function that a marker call in a built file was given as its last argument, as text; undefined if
 * there is none. Text longer than `most` lines is cut in the middle.
 */
export function generatedCode(built: URL, marker: string, most: number): string[] | undefined {
  const text = readFileSync(built, 'utf8');
  const name = new RegExp(`\\b${marker}\\([^;]*?,\\s*([\\w$]+)\\);`).exec(text)?.[1];
  const start = name === undefined ? -1 : text.indexOf(`function ${name}(`);
  if (start < 0) return undefined;
  const end = text.indexOf('\n}', start);
  const lines = text
    .slice(start, end + 2)
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.length <= most) return lines;
  const head = Math.ceil(most * 0.7);
  const tail = most - head - 1;
  return [
    ...lines.slice(0, head),
    `  ... ${lines.length - head - tail} more lines ...`,
    ...lines.slice(lines.length - tail),
  ];
}
