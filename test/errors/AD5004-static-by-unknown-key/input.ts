import { grad } from 'adjoint';

export const covers = 'methods/effects';

class Scale {
  static by(x: number): number {
    return x * x;
  }
}
const mixin: Record<string, unknown> = { by: (x: number) => x ** 3 };
function mix(target: object, from: Record<string, unknown>): void {
  for (const key of Object.keys(from)) (target as Record<string, unknown>)[key] = from[key];
}
mix(Scale, mixin);
export const g = grad((x: number): number => Scale.by(x));
