const weights = [1, 2, 3];
export function reset(): void {
  weights[0] = 0;
}
export function weigh(x: number): number {
  return x * weights[0];
}
