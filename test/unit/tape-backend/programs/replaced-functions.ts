// Functions in objects and lists that something replaces.
/** What is called is looked up before its arguments, which may replace it. */
export function replacedByArguments(x: number): number {
  const t = { scale: (y: number): number => y * 2 };
  const list = [(y: number): number => y * 3];
  const swap = (y: number): number => {
    t.scale = (z) => z * 11;
    list[0] = (z) => z * 13;
    return y;
  };
  return t.scale(swap(x)) * list[0](x) * t.scale(list[0](swap(x)));
}
export const cases = { replacedByArguments: { args: [1.3] } };
