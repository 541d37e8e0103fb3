import type { Problem } from './problem.js';

interface Selected {
  readonly problem: Problem;
  readonly sizes: readonly number[];
}

/**
 * The problems that a run is for. `--only gmm,lorenz=1000,100000` names some, with sizes if others than the problem's
 * own are meant; a quick run takes the first size of each.
 */
export function selection(
  problems: readonly Problem[],
  flags: readonly string[],
  quick: boolean,
): readonly Selected[] {
  const at = flags.indexOf('--only');
  if (at < 0) return problems.map((problem) => ({ problem, sizes: usual(problem, quick) }));
  const named = new Map<string, number[]>();
  let last: number[] = [];
  for (const part of (flags[at + 1] ?? '').split(',')) {
    const [name, size] = /^\d+$/.test(part) ? ['', part] : part.split('=');
    if (name !== '') named.set(name, (last = []));
    if (size) last.push(Number(size));
  }
  return [...named].map(([name, sizes]) => {
    const problem = problems.find((each) => each.name === name);
    if (!problem) throw new Error(`no problem ${name}; there are ${problems.map((p) => p.name).join(', ')}`);
    return { problem, sizes: sizes.length > 0 ? sizes : usual(problem, quick) };
  });
}

function usual(problem: Problem, quick: boolean): readonly number[] {
  return quick ? problem.sizes.slice(0, 1) : problem.sizes;
}
