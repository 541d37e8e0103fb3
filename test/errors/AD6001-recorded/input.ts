import { checkpoint, checkpointed, grad } from 'adjoint';
const drain = (waiting: number[], x: number): number => {
  let s = x;
  for (const t of checkpointed(3)) s += waiting.pop()! * s + t;
  return s;
};
export const g = grad((x: number, y: number): number => drain([x, y, x * y], x));
const advance = checkpoint((body: { x: number }, h: number): number => {
  body.x *= h;
  return Math.sin(body.x);
});
export const frozen = grad((x: number, y: number): number => {
  const body = { x };
  const s = advance(body, y);
  Object.freeze(body);
  try {
    return s + advance(body, y);
  } catch {
    return s * body.x;
  }
});
export const covers = 'run-again';
