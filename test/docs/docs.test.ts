/** The generated pages are what the generator gives now, and every fixture says what it is about. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { REFUSED_ROWS } from '../fixtures/rows.js';
import { withoutProse } from './diagnostic-pages.js';
import { generatedPages, orphans } from './pages.js';
import { openRows, supportTable } from './support-page.js';
import { type Covered, survey } from './survey.js';

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

test('the table of constructs marks rows with fewer than one plain program and three harder ones', () => {
  const covers = (row: string, ...variants: (string | undefined)[]): Covered[] =>
    variants.map((variant) => ({ fixture: 'a/b', fn: 'f', row, variant }));
  const all = [
    ...covers('math', undefined, 'loop', 'zero', 'edge'),
    ...covers('steps', undefined, undefined, 'loop', 'zero'),
    ...covers('kinks', 'loop', 'zero', 'edge'),
  ];
  const fixture = { id: 'a/b', covers: all, markers: ['grad'], syntax: new Set<string>(), problems: [] };
  const lines = supportTable({ fixtures: [fixture], refused: [] }).split('\n');
  const marked = (row: string) => lines.find((line) => line.slice(2).startsWith(`${row} `));
  expect(marked('math')).toMatch(/^ {2}math +1 \+ 3$/);
  expect(marked('steps')).toMatch(/^< steps +2 \+ 2$/);
  expect(marked('kinks')).toMatch(/^< kinks +0 \+ 3$/);
  expect(marked('always-refused')).toMatch(/^< always-refused +0 \+ 0$/);
});

test('a row of what is refused for ever wants refused programs, and one of each of its codes', () => {
  const [row, codes] = Object.entries(REFUSED_ROWS)[0]!;
  const variants = [undefined, 'loop', 'call', 'nested'];
  const refused = codes.map((code, k) => ({
    ...{ id: `${code}-program`, markers: [], syntax: new Set<string>(), problems: [] },
    covers: [{ fixture: `${code}-program`, fn: '', row, variant: variants[k] }],
  }));
  const line = (programs: typeof refused) =>
    supportTable({ fixtures: [], refused: programs })
      .split('\n')
      .find((text) => text.slice(2).startsWith(`${row} `));
  expect(line(refused)).toMatch(new RegExp(`^ {2}${row} +${codes.length - 3} \\+ 3 .*${codes.join(' ')}$`));
  expect(line(refused.slice(0, -1))).toMatch(/^</);
});

test('links between pages lead somewhere', () => {
  const dead = markdownBelow(root).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)]
      .filter(([, link]) => !existsSync(join(dirname(file), link!)))
      .map(([, link]) => `${relative(root, file)}: ${link}`),
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
