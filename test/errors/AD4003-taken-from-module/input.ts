import { grad } from 'adjoint';
import * as rules from './rules.js';
const all = rules;
const { table } = all;
table.scale = (x) => 11 * x;
export const g = grad((x: number): number => rules.table.scale(x));

function change({ list: own }: typeof rules): void {
  own[0] = (x) => 11 * x;
}
change(rules);
export const h = grad((x: number): number => rules.list[0](x));

const { table: _, ...rest } = all;
rest.others.reverse();
export const k = grad((x: number): number => rules.others[0](x, ''));
export const covers = 'function-values/overwritten';
