import { grad } from 'adjoint';

export const covers = 'class-dispatch/alias';

class Dense {
  constructor(public w: number) {}
}
export const g = grad((x: number): number => {
  const net = [new Dense(2), { w: 1 }];
  return net.reduce((v, layer) => (layer.constructor === Dense ? v * layer.w : v * v), x);
});
