import { grad } from 'adjoint';
const made = () =>
  class {
    r = 1;
    area(): number {
      return this.r * this.r;
    }
  };
const Disc = made();
export const g = grad((d: InstanceType<typeof Disc>): number => d.area());
export const covers = 'class-outside';
