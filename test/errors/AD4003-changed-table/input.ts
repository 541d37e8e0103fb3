import { grad } from 'adjoint';

export const covers = 'function-values/overwritten';

interface Operation {
  apply(x: number): number;
}
const operations: Record<string, Operation> = { a: { apply: Math.sin }, b: { apply: (x) => x * x } };
export function register(all: Record<string, unknown>, name: string, operation: unknown): void {
  all[name] = operation;
}
export const g = grad((x: number, name: string): number => operations[name].apply(x));
