// whoever is given the array may keep it, or write to it
import { grad } from 'adjoint';

export const g = grad((x: number, send: (samples: number[]) => void): number => {
  const samples = [x, x * x];
  send(samples);
  return samples[0] * samples[1];
});
export const inRecord = grad((x: number, send: (from: { samples: Float64Array }) => void): number => {
  const samples = Float64Array.of(x, x * x);
  send({ samples });
  return samples[0] * samples[1];
});
export const covers = 'outside-callbacks';
