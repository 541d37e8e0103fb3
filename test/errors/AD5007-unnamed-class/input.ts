import { grad } from 'adjoint';
const Disc = class {
  r = 1;
  area(): number {
    return this.r * this.r;
  }
};
export const g = grad((d: InstanceType<typeof Disc>): number => d.area());
export const covers = 'class-outside';
