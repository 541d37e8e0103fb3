import { grad } from 'adjoint';
interface List {
  value: number;
  next?: List;
}
export const g = grad((list: List): number => list.value * (list.next === undefined ? 1 : list.next.value));
export const covers = 'linked-structures';
