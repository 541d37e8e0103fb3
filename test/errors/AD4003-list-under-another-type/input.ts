import { grad } from 'adjoint';
type Rule = (x: number) => number;
interface Slots {
  0: unknown;
}
const slots: Rule[] = [(x) => 2 * x, (x) => 3 * x];
function put(to: Slots): void {
  to[0] = (x: number): number => 11 * x;
}
put(slots as unknown as Slots);
export const g = grad((x: number): number => slots[0](x));

const named: ((x: number, of: string) => number)[] = [(x) => 2 * x, (x) => 3 * x];
const byName = named as unknown as Record<string, unknown>;
byName['1'] = (x: number): number => 11 * x;
export const h = grad((x: number): number => named[1](x, ''));

const held = { rules: [(x: number, _: boolean): number => 2 * x, (x: number, _: boolean): number => 3 * x] };
const opened = held as unknown as { rules: Record<string, unknown> };
opened.rules['0'] = (x: number): number => 11 * x;
export const k = grad((x: number): number => held.rules[0](x, true));
export const covers = 'function-values/overwritten';
