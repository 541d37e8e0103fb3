import { jvp } from 'adjoint';
async function later(x: number): Promise<number> {
  return x * x;
}
export const g = jvp((x: number): number => {
  let s = 0;
  void later(x).then((v) => {
    s = v;
  });
  return s + x;
});
export const covers = 'always-refused';
