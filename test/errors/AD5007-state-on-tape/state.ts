let calls = 0;
export function counted(x: number): number {
  calls++;
  return x * calls;
}
