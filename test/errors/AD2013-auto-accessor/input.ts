import { grad } from 'adjoint';
class Gauge {
  accessor level = 1;
}
const gauge = new Gauge();
export const made = grad((x: number): number => Object.keys(new Gauge()).length * x);
export const read = grad((x: number): number => gauge.level * x);
export const taped = grad((x: number): number => new Gauge().level * x, { backend: 'tape' });
export const covers = 'class-inside';
