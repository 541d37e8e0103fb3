// lists, maps and objects that hold no functions when an object of the module is made, and get some later
import { grad } from 'adjoint';

export const covers = 'function-values/overwritten';

type Hook = (x: number) => number;
class Layer {
  hooks: Hook[] = [];
  slots: { before?: Hook; scale: number } = { scale: 2 };
}
const layer = new Layer();
layer.hooks.push((x) => x * x);
layer.slots.before = (x) => 3 * x;
export const added = grad((x: number): number => layer.hooks.reduce((s, hook) => s + hook(x), x));
export const set = grad((x: number): number => (layer.slots.before ? layer.slots.before(x) : x));

const model: { ends: (Hook | null)[][]; start: Hook } = { ends: [[null]], start: (x) => 2 * x };
model.ends[0]![0] = (x) => x * x;
export const nested = grad((x: number): number => model.start(x) + (model.ends[0]![0]?.(x) ?? 0));

// a list is not the constant that holds what is made with it
class Stages {
  constructor(readonly all: ((x: number, at: number) => number)[]) {}
}
const stages = new Stages([(x) => 2 * x]);
stages.all.push((x, at) => x * at);
export const given = grad((x: number): number => stages.all.reduce((s, stage, k) => s + stage(x, k), 0));
