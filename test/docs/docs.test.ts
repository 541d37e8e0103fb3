/** The generated pages are what the generator gives now, and every fixture says what it is about. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
