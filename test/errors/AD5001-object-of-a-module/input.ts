import { grad } from 'adjoint';
const start = { position: [1, 2], weights: [0.5, 0.25] };
function energy(position: number[]): number {
  let sum = 0;
  for (let i = 0; i < position.length; i++) {
    position[i] *= 1.5;
    sum += (position[i] - start.position[i]) ** 2;
  }
  return sum;
}
export const run = () => grad(energy)(start.position);
export const covers = 'shared-arguments/alias, module-state/alias';
