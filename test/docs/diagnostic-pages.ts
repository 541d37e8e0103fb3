/**
 * The pages about the codes: docs/diagnostics.md and docs/diagnostics/AD####.md.
 *
 * Prose is written in the pages and kept; titles, examples and tables are generated from the catalogue and test/errors.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOG, type Code, docsOf } from '@adjoint/compiler';
import { type Fixture, findFixtures } from '../support/fixture.js';
import { TESTED_ELSEWHERE, TOPICS } from './codes.js';
import { cell, table } from './table.js';

/** Text of each file, by its path from the root of the repository. */
export type Pages = Readonly<Record<string, string>>;

/** The headings under which prose stands, in order; the generated example comes after the first. */
const PROSE = ['What it means', 'Why', 'What to do'] as const;
const EXAMPLE = 'Example';
/** In the index, what stands above this line is prose. */
const GENERATED = '<!-- The rest is generated: npm run docs -->';

export function diagnosticPages(root: string): Pages {
  const programs = findFixtures(join(root, 'test', 'errors'));
  const codes = Object.keys(CATALOG) as Code[];
  const pages = codes.map((code) => {
    const path = docsOf(code);
    const own = programs.filter(({ id }) => id.startsWith(code));
    return [path, page(code, own, readIfThere(join(root, path)))] as const;
  });
  const index = 'docs/diagnostics.md';
  return { ...Object.fromEntries(pages), [index]: indexPage(codes, readIfThere(join(root, index))) };
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function page(code: Code, programs: readonly Fixture[], before: string): string {
  const { title, severity, help } = CATALOG[code];
  const [meaning, why, todo] = PROSE.map((heading) => section(heading, sectionOf(before, heading)));
  const example = programs.length > 0 ? exampleOf(programs) : sectionOf(before, EXAMPLE);
  const elsewhere = TESTED_ELSEWHERE[code];
  const tested = elsewhere === undefined ? '' : `\n\nTested in [${elsewhere}](../../test/${elsewhere}).`;
  return [
    `# ${code}: ${title}`,
    `${severity === 'error' ? 'Error' : 'Warning'}, ${TOPICS[code.slice(0, 3)]!.toLowerCase()}.`,
    `Help in the message: ${help}.`,
    meaning,
    section(EXAMPLE, `${example.replace(/\n\nTested in .*$/, '')}${tested}`),
    why,
    todo,
    '[All codes](../diagnostics.md)\n',
  ].join('\n\n');
}

const section = (heading: string, text: string): string => `## ${heading}\n\n${text}`;

/** What stands under a heading, up to the next one or the link at the end. */
function sectionOf(text: string, heading: string): string {
  const start = text.indexOf(`## ${heading}\n`);
  if (start < 0) return '';
  const body = text.slice(start + heading.length + 4);
  return body.slice(0, body.search(/^## |^\[All codes\]/m)).trim();
}

/** The shortest program is shown, with all that is reported; the others are named. */
function exampleOf(programs: readonly Fixture[]): string {
  const [shown, ...others] = [...programs].sort((a, b) => size(a) - size(b));
  const link = ({ id }: Fixture) => `[${id}](../../test/errors/${id}/input.ts)`;
  const sources = Object.entries(shown!.sources).filter(([name]) => !name.endsWith('.d.ts'));
  const files = sources.map(([name, text]) => {
    const note = sources.length > 1 ? `// ${name}\n` : '';
    return `\`\`\`ts\n${note}${withoutCovers(text)}\n\`\`\``;
  });
  const reported = readFileSync(join(shown!.folder, 'expected.txt'), 'utf8').trimEnd();
  const more = others.length > 0 ? ['More programs:', others.map((o) => `- ${link(o)}`).join('\n')] : [];
  return [`${link(shown!)}:`, ...files, `\`\`\`text\n${reported}\n\`\`\``, ...more].join('\n\n');
}
const size = ({ sources }: Fixture): number => Object.values(sources).join('').length;
const withoutCovers = (text: string): string => text.replace(/^export const covers = .*\n\n?/m, '').trimEnd();

function indexPage(codes: readonly Code[], before: string): string {
  const prose = before.split(GENERATED)[0]!.trim();
  const sections = Object.entries(TOPICS).map(([prefix, topic]) => {
    const rows = codes
      .filter((code) => code.startsWith(prefix))
      .map((code) => [
        `[${code}](diagnostics/${code}.md)`,
        CATALOG[code].severity,
        cell(CATALOG[code].title),
      ]);
    return section(`${prefix}: ${topic}`, table(['code', 'severity', 'title'], rows));
  });
  return `${[prose, GENERATED, ...sections].join('\n\n')}\n`;
}

/** Codes whose page lacks prose. */
export function withoutProse(pages: Pages): string[] {
  return Object.entries(pages).flatMap(([path, text]) =>
    path.startsWith('docs/diagnostics/')
      ? [...PROSE, EXAMPLE].filter((h) => sectionOf(text, h) === '').map((h) => `${path}: ${h}`)
      : [],
  );
}
