import { grad } from 'adjoint';
interface Options {
  scale?: { by: number };
}
export const g = grad((x: number, o: Options): number => x * (o.scale?.by ?? 1));
export const covers = 'conditional-operators';
