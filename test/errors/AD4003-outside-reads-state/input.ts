import { grad } from 'adjoint';

export const covers = 'outside-callbacks/overwritten';

const state = { w: [1, 2] };
const reader = (s: { w: number[] }) => (): number => s.w[0];
const first = reader(state);
export const g = grad((x: number): number => {
  state.w[0] = x * x;
  return first() * x;
});
