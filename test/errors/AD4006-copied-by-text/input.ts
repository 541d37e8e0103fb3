import { grad } from 'adjoint';

export const covers = 'text, array-copies';

interface Model {
  gain: number;
  weights: number[];
}
export const g = grad((p: Model): number => {
  const copy: Model = JSON.parse(JSON.stringify(p));
  copy.gain *= 2;
  return copy.gain * p.gain;
});
