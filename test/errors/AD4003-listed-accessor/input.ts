import { grad } from 'adjoint';

export const covers = 'record-copies/loop';

const list = [
  {
    n: 0.5,
    get double() {
      return this.n * 2;
    },
  },
];
export const g = grad((x: number): number => {
  let s = x;
  for (const o of list) {
    const c = { ...o, x };
    s += c.double * c.x;
  }
  return s;
});
