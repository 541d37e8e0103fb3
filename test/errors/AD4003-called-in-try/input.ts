// what is caught makes no difference: the call is where the derivative would be lost
import { grad } from 'adjoint';

export const covers = 'throw-implicit, outside-callbacks';

interface Sensor {
  read(at: number): number;
  row(at: number): number[];
}
export const number = grad((x: number, sensor: Sensor): number => {
  try {
    return sensor.read(x) * x;
  } catch {
    return x;
  }
});
export const list = grad((x: number, sensor: Sensor): number => {
  try {
    return sensor.row(x)[0]! * x;
  } catch {
    return x;
  }
});
declare function external(x: number): number;
export const declared = grad((x: number): number => {
  try {
    return external(x);
  } catch {
    return x;
  }
});
