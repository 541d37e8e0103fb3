import { grad } from 'adjoint';
declare const console: { log(...what: unknown[]): void };

export const direct = grad((v: number[]): number => {
  let calls = 0;
  v.sort((a, b) => {
    calls++;
    return a - b;
  });
  return v[0] * calls;
});

let compared = 0;
function count(): void {
  compared++;
}
export const behindCall = grad((v: number[]): number => {
  const w = v.toSorted((a, b) => {
    count();
    return a - b;
  });
  return w[0] * compared;
});

class Ranking {
  calls = 0;
  readonly seen: number[] = [];
  by = (a: number, b: number): number => {
    this.calls++;
    this.seen.push(a);
    return a - b;
  };
}
export const member = grad((v: number[]): number => {
  const ranking = new Ranking();
  v.sort(ranking.by);
  return v[0] * ranking.calls + ranking.seen.length;
});

export const itself = grad((v: number[]): number => {
  v.sort((a, b) => {
    v[0] = 1;
    console.log(a, b);
    return a - b;
  });
  return v[0];
});

export const firstOfAll = grad((v: number[]): number => {
  const found: { best?: number } = {};
  v.sort((a, b) => {
    if (found.best === undefined) found.best = a;
    return a - b;
  });
  return (found.best ?? 0) * v[0];
});

export const otherQuestions = grad((v: number[], costs: (number | undefined)[]): number => {
  const hits = v.map(() => 0);
  const order = v.map((_, i) => i);
  order.sort((a, b) => {
    if (costs[a] === undefined) hits[a] += 1;
    if (hits[b] === 3) hits[b] = 0;
    if (v[a] > 1) hits[a] += 1;
    return v[a] - v[b];
  });
  return hits[0] * v[order[0]];
});
export const covers = 'array-sort';
