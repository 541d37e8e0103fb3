// one object of the module is the prototype of another, which no type says
import { grad } from 'adjoint';

const shared: { gain: number } = { gain: 2 };
const own: { gain?: number; offset: number } = Object.setPrototypeOf({ offset: 3 }, shared);
function f(x: number): number {
  shared.gain = x;
  return (own.gain ?? 0) * x + own.offset;
}
export const run = () => grad(f)(3);
export const covers = 'module-state/alias';
