import { grad } from 'adjoint';
const doubled =
  (_: undefined, context: ClassFieldDecoratorContext) =>
  (value: number): number =>
    context.private ? value : value * 2;
class Model {
  @doubled gain = 3;
}
export const g = grad((x: number): number => x * new Model().gain);
export const covers = 'always-refused/edge';
