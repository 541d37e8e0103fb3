import { grad } from 'adjoint';

export const covers = 'class-dispatch/alias';

interface Layer {
  w: number;
  forward?(x: number): number;
}
class Dense implements Layer {
  constructor(public w: number) {}
  forward(x: number): number {
    return x * this.w;
  }
}
export const g = grad((x: number): number => {
  const net: Layer[] = [new Dense(2), { w: 1, forward: (v) => v * v }, { w: x }];
  return net.reduce((v, layer) => (layer.forward ? v * x : v * layer.w), x);
});
