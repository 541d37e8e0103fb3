// an object whose function is the program's, where another comes from the caller
import { grad } from 'adjoint';

interface Layer {
  forward(x: number): number;
}
const doubled = (): Layer => ({ forward: (x) => x * 2 });
export const chosen = grad((x: number, own: Layer | undefined) => (own ?? doubled()).forward(x), {
  argnums: [0],
});
export const covers = 'function-values/alias';
