/** docs/support.md and the table of `npm run support`: what the fixtures differentiate, and what is refused. */
import { CATALOG, type Code, docsOf } from '@adjoint/compiler';
import { REFUSED_ROWS, SECTIONS } from '../fixtures/rows.js';
import type { Covered, Survey } from './survey.js';
import { SYNTAX } from './syntax.js';

/** A row wants one plain program, and this many harder ones. */
const VARIANTS_WANTED = 3;

interface RowState {
  readonly row: string;
  readonly title: string;
  /** Differentiated programs; refused ones in the rows of what is refused for ever. */
  readonly plain: readonly Covered[];
  readonly harder: readonly Covered[];
  /** Refused programs of the row, by code; warnings are no refusals. */
  readonly refused: ReadonlyMap<Code, readonly string[]>;
}

function stateOf(row: string, title: string, { fixtures, refused }: Survey): RowState {
  const counted = row in REFUSED_ROWS ? refused : fixtures;
  const programs = counted.flatMap(({ covers }) => covers).filter((c) => c.row === row);
  const byCode = new Map<Code, string[]>();
  for (const { id, covers } of refused) {
    const code = id.slice(0, 6) as Code;
    if (!covers.some((c) => c.row === row) || CATALOG[code].severity !== 'error') continue;
    byCode.set(code, [...(byCode.get(code) ?? []), id]);
  }
  return {
    row,
    title,
    plain: programs.filter((c) => c.variant === undefined),
    harder: programs.filter((c) => c.variant !== undefined),
    refused: byCode,
  };
}
const isThin = ({ row, plain, harder, refused }: RowState): boolean =>
  plain.length === 0 ||
  harder.length < VARIANTS_WANTED ||
  (REFUSED_ROWS[row] ?? []).some((code) => !refused.has(code as Code));

/** Rows that neither a program differentiates nor one shows refused. */
export function openRows(survey: Survey): string[] {
  return SECTIONS.flatMap(({ rows }) => Object.entries(rows))
    .map(([row, title]) => stateOf(row, title, survey))
    .filter((s) => s.plain.length + s.harder.length === 0 && s.refused.size === 0)
    .map(({ row }) => row);
}

/** One line for each row, one for each kind of syntax that no fixture has. */
export function supportTable(survey: Survey): string {
  const all = SECTIONS.map(({ title, rows }) => ({
    title,
    states: Object.entries(rows).map(([row, text]) => stateOf(row, text, survey)),
  }));
  const lines = all.flatMap(({ title, states }) => [
    '',
    title,
    ...states.map((s) => {
      const counts = `${String(s.plain.length).padStart(3)} + ${String(s.harder.length).padEnd(3)}`;
      return `${isThin(s) ? '<' : ' '} ${s.row.padEnd(21)}${counts}  ${[...s.refused.keys()].join(' ')}`.trimEnd();
    }),
  ]);
  const states = all.flatMap((section) => section.states);
  const tried = states.filter((s) => s.plain.length + s.harder.length > 0);
  const thin = tried.filter(isThin);
  const full = tried.filter((s) => !isThin(s));
  const unused = [...SYNTAX].filter((kind) => !survey.fixtures.some((f) => f.syntax.has(kind)));
  return [
    `Programs for each row, plain + harder, and the codes of what is refused; "<" marks fewer than 1 + ${VARIANTS_WANTED}.`,
    ...lines,
    '',
    `${states.length} rows: ${full.length} full, ${thin.length} thin, ${states.length - full.length - thin.length} without a program`,
    '',
    `Syntax in no fixture: ${unused.join(', ')}`,
    `Marker calls written in fixtures, beside those that are generated for each: ${markerCounts(survey)}`,
  ].join('\n');
}

function markerCounts({ fixtures }: Survey): string {
  const calls = fixtures.flatMap(({ markers }) => markers);
  return [...new Set(calls)].map((name) => `${name} ${calls.filter((c) => c === name).length}`).join(', ');
}

const INTRODUCTION = `
The tests differentiate each program below in every mode and compare with numerical derivatives or exact values, and they
check that each refused program is refused. Programs stand in the order plain, then harder: in loops, through aliases, with
values overwritten later, around exits, nested, recursive, without trips. Forms of the construct that are refused, and wrong
uses of it, stand behind them with their code.`.trim();

export function supportPage(survey: Survey): string {
  const sections = SECTIONS.flatMap(({ title, rows }) => [
    `## ${title}`,
    Object.entries(rows)
      .map(([row, text]) => lineOf(stateOf(row, text, survey)))
      .join('\n'),
  ]);
  return `${[
    '# What is supported',
    '<!-- Generated from test/fixtures and test/errors: npm run docs -->',
    INTRODUCTION,
    ...sections,
    '## Syntax',
    'Kinds of statements, expressions and operators, by the names that TypeScript gives them.',
    ...syntaxLists(survey),
  ].join('\n\n')}\n`;
}

function verdict({ row, plain, harder, refused }: RowState): string {
  if (row in REFUSED_ROWS) return 'no';
  if (plain.length + harder.length > 0) return 'yes';
  return refused.size > 0 ? 'no' : 'not tested';
}

function lineOf(state: RowState): string {
  const [programs, refused] = [programsOf(state), refusedOf(state)];
  const parts = [programs && `Programs: ${programs}.`, refused && `Refused: ${refused}.`];
  return [`- **${state.title}**: ${verdict(state)}.`, ...parts.filter((part) => part !== '')].join(' ');
}

/** Links to the fixtures, each once, plain ones first. */
function programsOf({ row, plain, harder }: RowState): string {
  if (row in REFUSED_ROWS) return '';
  const ids = new Set([...plain, ...harder].map(({ fixture }) => fixture));
  return [...ids].map((id) => `[${id}](../test/fixtures/${id}/input.ts)`).join(', ');
}

function refusedOf({ refused }: RowState): string {
  return [...refused]
    .map(([code, ids]) => {
      const programs = ids.map((id) => `[${id.slice(7)}](../test/errors/${id}/input.ts)`).join(', ');
      return `[${code}](${docsOf(code).slice('docs/'.length)}) (${programs})`;
    })
    .join(', ');
}

function syntaxLists({ fixtures, refused }: Survey): string[] {
  const all = [...SYNTAX];
  const occurs = (of: Survey['fixtures']) =>
    new Set(all.filter((kind) => of.some((f) => f.syntax.has(kind))));
  const [used, shown] = [occurs(fixtures), occurs(refused)];
  const list = (title: string, kinds: readonly string[]) =>
    `${title}: ${kinds.map((kind) => `\`${kind}\``).join(', ')}.`;
  return [
    list('In differentiated programs', [...used]),
    list(
      'In refused programs only',
      [...shown].filter((kind) => !used.has(kind)),
    ),
    list(
      'In neither',
      all.filter((kind) => !used.has(kind) && !shown.has(kind)),
    ),
  ];
}
