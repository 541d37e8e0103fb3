import { valueAndGrad } from 'adjoint';

export const covers = 'marker-options';

const f = (x: number) => [x * x, x];
// a list of numbers is not a tuple
export const g = valueAndGrad(f as never, { aux: true });
