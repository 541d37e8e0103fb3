import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  const list: (() => number)[] = [];
  for (let i = 0, read = () => i * x; i < 3; i++) list.push(read);
  return list[2]!();
});
export const covers = 'scopes';
