import { grad } from 'adjoint';

export const covers = 'computed-keys';

class Cell {
  constructor(
    readonly row: number,
    readonly column: number,
  ) {}
  toString(): string {
    return `${this.row}/${this.column}`;
  }
}
export const g = grad((x: number): number => {
  const heights: Record<string, number> = { '1/2': x };
  return heights[new Cell(1, 2) as unknown as string]!;
});
