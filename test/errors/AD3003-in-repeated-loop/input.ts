import { grad } from 'adjoint';

export const covers = 'general-loop/nested';

// the loop is looked at twice, because of `last`; what is wrong with the callback has to be told both times
function each(kind: string, at: number[][], callback: (c: any) => void): void {
  if (kind === 'list') for (const row of at) callback(row);
  else callback(at);
}
export const g = grad((p: number[][]): number => {
  let s = 0;
  let previous: any;
  let last: number | undefined;
  for (let i = 0; i < 2; i++) {
    each(i === 0 ? 'whole' : 'list', p, (c) => {
      if (previous === undefined) {
        previous = c;
        return;
      }
      s += previous.length * p[1][0];
      previous = c;
    });
    s += last ?? 0;
    last = s;
  }
  return s;
});
