import { grad } from 'adjoint';
function grow(m: Map<string, number>, v: number): number {
  if (m.size < 6) m.set(`q${m.size}`, v * 0.5);
  return v;
}
// what is added while the loop runs is gone through too
export const g = grad((m: Map<string, number>): number => {
  const values = m.values();
  let s = 0;
  for (const v of values) s += v * grow(m, v);
  return s;
});
export const covers = 'always-refused';
