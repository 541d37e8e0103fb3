import { grad } from 'adjoint';
// biome-ignore lint: the point of this fixture
export const g = grad((x: any): number => x.value * 2);
export const covers = 'types';
