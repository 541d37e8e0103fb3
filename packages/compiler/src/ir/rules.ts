/** Functions of the module that derivative rules of the user's were lowered to. */
import type { LoweredRule, Module, Op, Region, RuntimeOp } from './nodes.js';
import { mapRegions, walkOps } from './visit.js';

/** The functions that an operation refers to without calling them. */
export const functionsOfRule = (op: Op): string[] =>
  op.kind === 'runtime' ? [op.rule?.pull, op.rule?.push].filter((key) => key !== undefined) : [];

/** Replaces what a module knows of each rule; without functions, what they would be given is not passed either. */
export function mapRules<M extends Module>(
  module: M,
  change: (rule: LoweredRule) => LoweredRule | undefined,
): M {
  const has = (r: Region): boolean => {
    let any = false;
    walkOps(r, (op) => {
      any ||= op.kind === 'runtime' && op.rule !== undefined;
    });
    return any;
  };
  const op = (o: Op): Op => {
    if (o.kind !== 'runtime' || !o.rule) return mapRegions(o, region);
    const { rule: before, ...plain } = o;
    const rule = change(before);
    const isCalled = rule?.pull !== undefined || rule?.push !== undefined;
    const args = isCalled || o.name !== 'ruleValues' ? o.args : o.args.slice(0, 2);
    return { ...plain, args, ...(rule && { rule }) } as RuntimeOp;
  };
  const region = (r: Region): Region => ({ ...r, ops: r.ops.map(op) });
  const funcs = [...module.funcs].map(
    ([key, f]) => [key, has(f.body) ? { ...f, body: region(f.body) } : f] as const,
  );
  return { ...module, funcs: new Map(funcs) };
}
