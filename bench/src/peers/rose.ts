/** Problems written for rose: traced once, loops unrolled, compiled to WebAssembly. */
import { add, compile, fn, mul, Real, type Real as RoseReal, sub, Vec, vjp } from 'rose';
import type { Instance } from '../problem.js';
import type { Peer } from './peer.js';

type Traced = Iterable<RoseReal> & { readonly [i: number]: RoseReal };

/** The gradient of `f` at the point of the instance. */
async function compiled(instance: Instance, f: (x: Traced) => RoseReal): Promise<Peer> {
  const Point = Vec(instance.point.length, Real);
  const value = fn([Point], Real, f);
  const gradient = await compile(fn([Point], Point, (x) => vjp(value)(x).grad(1)));
  const out = new Float64Array(instance.point.length);
  const run = () => {
    out.set(gradient(Array.from(instance.point)) as unknown as number[]);
    return out[0];
  };
  return { run, out };
}

export function rosenbrock(instance: Instance): Promise<Peer> {
  const last = instance.point.length - 1;
  return compiled(instance, (x) => {
    let sum: RoseReal = 0;
    for (let i = 0; i < last; i++) {
      const valley = sub(x[i + 1], mul(x[i], x[i]));
      const offset = sub(1, x[i]);
      sum = add(sum, add(mul(mul(100, valley), valley), mul(offset, offset)));
    }
    return sum;
  });
}

export function lorenz(instance: Instance): Promise<Peer> {
  const { steps } = instance.data as { steps: number };
  const State = Vec(3, Real);
  const h = 2 / steps;
  const slope = fn([State], State, ([x, y, z]) => [
    mul(10, sub(y, x)),
    sub(mul(x, sub(28, z)), y),
    sub(mul(x, y), mul(8 / 3, z)),
  ]);
  const step = fn([State], State, (state) => {
    const moved = (by: Traced, time: number) => [0, 1, 2].map((i) => add(state[i], mul(time, by[i])));
    const k1 = slope(state);
    const k2 = slope(moved(k1, 0.5 * h));
    const k3 = slope(moved(k2, 0.5 * h));
    const k4 = slope(moved(k3, h));
    const sum = (i: number) => add(add(add(k1[i], mul(2, k2[i])), mul(2, k3[i])), k4[i]);
    return [0, 1, 2].map((i) => add(state[i], mul(h / 6, sum(i))));
  });
  return compiled(instance, (start) => {
    let state = start;
    for (let t = 0; t < steps; t++) state = step(state as never);
    return add(add(mul(state[0], state[0]), mul(state[1], state[1])), mul(state[2], state[2]));
  });
}
