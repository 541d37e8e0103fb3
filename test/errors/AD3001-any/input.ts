import { grad } from 'adjoint';
// biome-ignore lint: the point of this fixture
function loose(o: any): any {
  return o.value * 2;
}
export const g = grad((x: number): number => loose(JSON.parse('{"value": 3}')) * x);
export const covers = 'types';
