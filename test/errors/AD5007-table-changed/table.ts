const table = {
  rows: [
    [1, 2],
    [3, 4],
  ],
};
for (const row of table.rows) row[0] *= 2;
export function weighted(x: number): number {
  return table.rows[0][0] * x;
}
