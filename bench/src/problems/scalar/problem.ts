import { grad } from 'adjoint';

export function scalar(x: number, y: number): number {
  return x * y + Math.exp(x * y);
}

export const scalarGradient = grad(scalar, { argnums: [0, 1] });
