import { grad } from 'adjoint';

export const covers = 'function-values/alias';

interface Curves {
  sinh: (x: number) => number;
}
function patch(curves: Curves): void {
  curves.sinh = (x) => x * 100;
}
class Patched {
  constructor(of: Math) {
    replaceCosh(of);
  }
}
function replaceCosh(of: Math): void {
  of.cosh = (x) => x * 100;
}
const readOnly = (of: Math): number => of.atan(1);
patch(Math);
new Patched(Math);

export const g = grad((x: number): number => Math.sinh(x));
export const h = grad((x: number): number => Math.cosh(x));
export const onTape = grad((x: number): number => Math.sinh(x), { backend: 'tape' });
export const fine = grad((x: number): number => Math.atan(x) * readOnly(Math));
