/** The generated pages are what the generator gives now, and every fixture says what it is about. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { withoutProse } from './diagnostic-pages.js';
import { generatedPages, orphans } from './pages.js';
import { openRows } from './support-page.js';
import { survey } from './survey.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = generatedPages(root);

test.each(Object.keys(pages))('%s is current (else: npm run docs)', (path) => {
  const file = join(root, path);
  expect(existsSync(file) ? readFileSync(file, 'utf8') : undefined).toBe(pages[path]);
});

test('every code has its page, with text under every heading', () => {
  expect(withoutProse(pages)).toEqual([]);
  expect(orphans(root)).toEqual([]);
});

test('every fixture says which rows of rows.ts it covers, and runs what it exports', () => {
  const { fixtures, refused } = survey(join(root, 'test'));
  const problems = [...fixtures, ...refused].flatMap((f) => f.problems.map((p) => `${f.id}: ${p}`));
  expect(problems).toEqual([]);
});

test('no row is without any program', () => {
  expect(openRows(survey(join(root, 'test')))).toEqual([]);
});

test('links between pages lead somewhere', () => {
  const dead = markdownBelow(root).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)]
      .filter(([, link]) => !existsSync(join(dirname(file), link!)))
      .map(([, link]) => `${file}: ${link}`),
  );
  expect(dead).toEqual([]);
});

function markdownBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || ['node_modules', 'dist', 'out'].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? markdownBelow(path) : entry.name.endsWith('.md') ? [path] : [];
  });
}
