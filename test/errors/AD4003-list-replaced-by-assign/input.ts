import { grad } from 'adjoint';

export const covers = 'function-values/overwritten';

type Step = (x: number) => number;
const stages: Step[] = [(x) => 2 * x, (x) => 3 * x];
Object.assign(stages, [(x: number) => 7 * x]);
const texts = new Map<string, (of: string, x: number) => number>([['a', (_, x) => 2 * x]]);
const { set } = texts;
set.call(texts, 'a', (_, x) => 7 * x);
const flags = new Map<number, (of: boolean, x: number) => number>([[1, (_, x) => 2 * x]]);
for (const way of ['set'] as const) flags[way](1, (_, x) => 7 * x);

export const a = grad((x: number): number => stages[0](x));
export const b = grad((x: number): number => texts.get('a')!('', x));
export const c = grad((x: number): number => flags.get(1)!(true, x));
