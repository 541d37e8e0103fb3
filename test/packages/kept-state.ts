let level = 1;
export let calls = 0;
export function reset(): void {
  level = 1;
}
export function measure(x: number): number {
  calls++;
  level = level * x + 1;
  return level;
}
export const state = (): readonly number[] => [level, calls];
