import { jvp } from 'adjoint';
const f = (x: number): number => x * x;
// @ts-expect-error the types say so too
export const g = jvp(f, { backend: 'tape' });
export const covers = 'marker-options';
