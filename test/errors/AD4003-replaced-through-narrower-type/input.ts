import { grad } from 'adjoint';

export const covers = 'function-values/overwritten';

interface Model {
  loss(x: number): number;
}
const model = { name: 'm', loss: (x: number) => 2 * x };
function replace(m: Model): void {
  m.loss = (x) => 7 * x;
}
replace(model);
const layers = [{ name: 'a', act: (x: number) => 2 * x }];
const freeze = (layer: { act: unknown }): void => {
  layer.act = (x: number) => 7 * x;
};
layers.forEach(freeze);
export const g = grad((x: number): number => model.loss(x));
export const h = grad((x: number): number => layers[0].act(x));
