import { grad } from 'adjoint';

export const covers = 'outside-callbacks/overwritten';

let state = { w: 1 };
export const replace = (): void => {
  state = { w: 2 };
};
export const g = grad((x: number, notify: () => void): number => {
  const before = state.w;
  notify();
  return (before + state.w) * x;
});
