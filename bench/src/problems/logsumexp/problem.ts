import { gradInto } from 'adjoint';

/** The logarithm of the sum of exponentials, safe from overflow. */
export function logSumExp(x: Float64Array): number {
  let max = x[0];
  for (let i = 1; i < x.length; i++) if (x[i] > max) max = x[i];
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.exp(x[i] - max);
  return max + Math.log(sum);
}

export const logSumExpGradient = gradInto(logSumExp);
