import { jvp } from 'adjoint';

export const covers = 'methods';

function box(x: number): { readonly width: number; readonly area: number } {
  return {
    width: x,
    get area() {
      return x * x;
    },
  };
}
export const tangent = jvp(box);
