import { grad } from 'adjoint';
class Counter {
  n = 0;
  constructor(private readonly step: number) {
    this.click = this.click.bind(this);
  }
  click(): void {
    this.n += this.step;
  }
}
export const g = grad((x: number): number => {
  const c = new Counter(x);
  const { click } = c;
  click();
  return c.n * c.n;
});
export const covers = 'methods/alias';
