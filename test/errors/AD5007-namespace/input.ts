import { grad } from 'adjoint';
namespace Physics {
  let calls = 0;
  export function fall(h: number): number {
    calls++;
    return Math.sqrt(2 * h) * calls;
  }
}
export const g = grad((h: number): number => Physics.fall(h));
export const covers = 'module-state';
