import { valueAndGrad } from 'adjoint';

function f(x: number, y: number): number {
  return x * y + Math.exp(x * y);
}

const [value, [dx, dy]] = valueAndGrad(f, { argnums: [0, 1] })(1, 2);

console.log(`f(1, 2)  = ${value}`);
console.log(`df/dx    = ${dx}   known: 2 + 2 e^2 = ${2 + 2 * Math.exp(2)}`);
console.log(`df/dy    = ${dy}   known: 1 + e^2   = ${1 + Math.exp(2)}`);
