import { grad } from 'adjoint';
class Model {
  constructor(readonly k: number) {}
  loss(w: number[], ...rest: number[]): number {
    return this.k * w[0] * rest.length;
  }
}
export const slope = (model: Model, w: number[]): number[] => grad(model.loss)(w);
export const ofLibrary = grad(Math.sin);
export const covers = 'marker-target';
