export const table = { scale: (x: number): number => 2 * x };
export const list = [(x: number): number => 2 * x];
export const others = [(x: number, _: string): number => 2 * x];
