/** A run over many random programs: counts, coverage of constructs, and the smallest failing programs. */
import type { Program } from './ast.js';
import { type BatchOptions, type Checked, checkBatch, moduleOf, type Outcome } from './check.js';
import { Tally } from './coverage.js';
import { formsOf } from './forms.js';
import { samplePrograms } from './generate.js';
import { reduce } from './reduce.js';
import { render } from './render.js';
import { makeArguments } from './values.js';

export interface Failure {
  readonly number: number;
  readonly kind: 'wrong' | 'crash';
  readonly check: boolean;
  readonly report: string;
}
export interface Campaign {
  readonly seed: number;
  programs: number;
  readonly kinds: Record<Outcome['kind'], number>;
  readonly refusals: Map<string, { count: number; example: string }>;
  /** Programs that use each construct of the generator. */
  readonly constructs: Map<string, number>;
  /** What the IR of accepted programs consists of. */
  readonly tally: Tally;
  /** Programs whose gradient differences confirmed in at least one direction, and those with finite gradients. */
  confirmed: number;
  finite: number;
  statements: number;
  readonly failures: Failure[];
}
export interface CampaignOptions {
  readonly seed: number;
  /** The number of the first program. */
  readonly from?: number;
  /** Whether to go on with the program of this number. */
  readonly more: (number: number) => boolean;
  /** Every n-th batch only, from the k-th: others run in other threads. */
  readonly share?: { readonly k: number; readonly of: number };
  readonly batch?: number;
  /** Every n-th batch is compiled in check mode. */
  readonly checkEvery?: number;
  /** Every n-th batch is differentiated twice. */
  readonly twiceEvery?: number;
  readonly maxFailures?: number;
  /** Is given the number of the next program, too. */
  readonly progress?: (campaign: Campaign, next: number) => void;
  readonly minimise?: boolean;
  /** Compares with code without cheap forms; the default. */
  readonly forms?: boolean;
  /** Fills the tally. */
  readonly observe?: boolean;
}

export const emptyCampaign = (seed: number): Campaign => ({
  seed,
  programs: 0,
  kinds: { ok: 0, refused: 0, wrong: 0, crash: 0 },
  refusals: new Map(),
  constructs: new Map(),
  tally: new Tally(),
  confirmed: 0,
  finite: 0,
  statements: 0,
  failures: [],
});
/** Adds the counts of another campaign, which may come from another thread. */
export function addCampaign(sum: Campaign, part: Campaign): void {
  for (const name of ['programs', 'confirmed', 'finite', 'statements'] as const) sum[name] += part[name];
  for (const kind of Object.keys(sum.kinds) as Outcome['kind'][]) sum.kinds[kind] += part.kinds[kind];
  for (const [code, { count, example }] of part.refusals) {
    const known = sum.refusals.get(code);
    sum.refusals.set(code, { count: (known?.count ?? 0) + count, example: known?.example ?? example });
  }
  for (const [what, count] of part.constructs)
    sum.constructs.set(what, (sum.constructs.get(what) ?? 0) + count);
  sum.tally.addAll(part.tally);
  sum.failures.push(...part.failures);
}

export async function runCampaign(options: CampaignOptions): Promise<Campaign> {
  const { seed, batch = 40, checkEvery = 4, twiceEvery = 3, maxFailures = 10, observe = false } = options;
  const { share = { k: 0, of: 1 } } = options;
  const campaign = emptyCampaign(seed);
  const first = Math.ceil((options.from ?? 0) / batch);
  for (let round = first + share.k; options.more(round * batch); round += share.of) {
    if (campaign.failures.length >= maxFailures) break;
    const check = round % checkEvery === checkEvery - 1;
    const twice = round % twiceEvery === 0;
    const programs = samplePrograms(seed, round * batch, batch);
    const forms = options.forms === false ? [] : formsOf(round);
    for (const [i, checked] of (await checkBatch(programs, { check, twice, observe, forms })).entries()) {
      note(campaign, checked);
      const { kind } = checked.outcome;
      if ((kind === 'wrong' || kind === 'crash') && campaign.failures.length < maxFailures) {
        const small = options.minimise === false ? checked : await minimise(checked, { check, twice, forms });
        campaign.failures.push({ number: round * batch + i, kind, check, report: describe(small) });
      }
    }
    campaign.programs += programs.length;
    options.progress?.(campaign, (round + 1) * batch);
  }
  return campaign;
}

function note(campaign: Campaign, { rendered, outcome, sighting }: Checked): void {
  campaign.kinds[outcome.kind]++;
  campaign.statements += rendered.statements;
  for (const what of rendered.used.keys())
    campaign.constructs.set(what, (campaign.constructs.get(what) ?? 0) + 1);
  if (outcome.kind === 'ok') {
    if (sighting) campaign.tally.add(sighting);
    if (outcome.differences > 0) campaign.confirmed++;
    if (outcome.finite) campaign.finite++;
  } else if (outcome.kind === 'refused')
    for (const code of outcome.codes) {
      const known = campaign.refusals.get(code);
      campaign.refusals.set(code, {
        count: (known?.count ?? 0) + 1,
        example: known?.example ?? outcome.message,
      });
    }
}

/** The same kind of failure with the same first words. */
function signature(outcome: Outcome): string {
  if (outcome.kind === 'wrong') return 'wrong';
  if (outcome.kind === 'crash')
    return `crash ${outcome.message
      .split('\n')[0]
      .replace(/[\d.]+/g, '#')
      .slice(0, 40)}`;
  return outcome.kind;
}
export async function minimise(checked: Checked, options: BatchOptions): Promise<Checked> {
  const wanted = signature(checked.outcome);
  const fails = async (candidates: readonly Program[]) =>
    (await checkBatch(candidates, options)).map(({ outcome }) => signature(outcome) === wanted);
  const program = await reduce(checked.program, fails);
  return (await checkBatch([program], options))[0];
}

function describe({ program, outcome }: Checked): string {
  const problems =
    outcome.kind === 'wrong' ? outcome.problems : outcome.kind === 'crash' ? [outcome.message] : [];
  const comment = (text: string) =>
    text
      .split('\n')
      .map((line) => `// ${line}`)
      .join('\n');
  return [
    ...problems.map(comment),
    comment(`arguments: ${inspect(makeArguments(program))}`),
    moduleOf(
      program,
      render(program),
      problems.some((text) => text.includes('second order')),
    ),
  ].join('\n');
}
function inspect(args: readonly unknown[]): string {
  return JSON.stringify(args, (_, v) => (v instanceof Float64Array ? { Float64Array: [...v] } : v));
}

export function summary(campaign: Campaign): string {
  const { kinds, programs } = campaign;
  const share = (n: number) => `${n} (${programs === 0 ? 0 : ((100 * n) / programs).toFixed(1)}%)`;
  const lines = [
    `seed ${campaign.seed}: ${programs} programs, ${(campaign.statements / Math.max(1, programs)).toFixed(1)} statements on average`,
    `ok ${share(kinds.ok)}, refused ${share(kinds.refused)}, wrong ${kinds.wrong}, crash ${kinds.crash}`,
    `finite ${share(campaign.finite)}, confirmed by differences ${share(campaign.confirmed)}`,
  ];
  for (const [code, { count, example }] of [...campaign.refusals].sort((a, b) => b[1].count - a[1].count))
    lines.push(`  ${code}: ${count}, e.g. ${example.split('\n')[0].slice(0, 160)}`);
  return lines.join('\n');
}
export function constructs(campaign: Campaign): string {
  return [...campaign.constructs]
    .sort((a, b) => a[1] - b[1])
    .map(([what, count]) => `${what} ${count}`)
    .join(', ');
}
