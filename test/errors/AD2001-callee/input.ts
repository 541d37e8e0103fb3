import { grad } from 'adjoint';
const settings = { rate: 0.5 };
async function load(): Promise<void> {
  settings.rate = await Promise.resolve(0.25);
}
function loss(x: number): number {
  let y = x;
  for (let k = 0; k < 3; k++) {
    void load();
    y -= settings.rate * y;
  }
  return y * y;
}
export const g = grad(loss);
export const covers = 'always-refused/call';
