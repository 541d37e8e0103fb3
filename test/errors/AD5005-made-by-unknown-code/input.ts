// whoever made the object may keep it
import { grad } from 'adjoint';

interface Cell {
  value: number;
}

export const ofNumber = grad((x: number, text: string): number => {
  const cell: Cell = JSON.parse(text);
  cell.value = x * x;
  return cell.value * x;
});
export const ofList = grad((x: number, text: string): number => {
  const list: number[][] = JSON.parse(text);
  list[0] = [x, x * x];
  return list[0][1] * x;
});
export const covers = 'outside-callbacks';
