import { grad } from 'adjoint';

export const covers = 'function-values/overwritten';

const O = Object;
const named = { step: (x: number) => 2 * x };
O.assign(named, { step: (x: number) => 7 * x });
const keyed = { turn: (x: number) => 2 * x };
Object['assign'](keyed, { turn: (x: number) => 7 * x });
const cast = { move: (x: number) => 2 * x };
(Object as any).assign(cast, { move: (x: number) => 7 * x });
const given = { walk: (x: number) => 2 * x };
function patch(o: ObjectConstructor): void {
  o.assign(given, { walk: (x: number) => 7 * x });
}
patch(Object);
const literal = { k: 2, rate: (x: number) => 2 * x };
const members = literal as unknown as { [key: string]: (x: number) => number };
members['ra' + 'te'] = (x) => 7 * x;

export const a = grad((x: number): number => named.step(x));
export const b = grad((x: number): number => keyed.turn(x));
export const c = grad((x: number): number => cast.move(x));
export const d = grad((x: number): number => given.walk(x));
export const e = grad((x: number): number => literal.rate(x));
