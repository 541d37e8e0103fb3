import { grad } from 'adjoint';
const frozen = (c: new () => object): void => Object.freeze(c.prototype);
export const g = grad((x: number): number => {
  @frozen
  class Unit {}
  return x * x;
});
export const covers = 'always-refused';
