import { grad } from 'adjoint';
function check(x: number): number {
  if (x < 0) throw [x];
  if (x > 9) throw 'too large';
  return Math.sqrt(x);
}
export const g = grad((x: number): number => {
  try {
    return check(x);
  } catch {
    return 0;
  }
});
export const covers = 'throw-caught';
