import { grad } from 'adjoint';

export const covers = 'identity/alias';

interface Solver {
  step(x: number): number;
}
const solvers: Record<string, Solver> = { a: { step: Math.sin }, b: { step: (x) => x * x } };
export const g = grad((x: number, name: string, chosen: Solver): number => {
  const solver = solvers[name];
  return solver === chosen ? 2 * solver.step(x) : solver.step(x);
});
