/**
 * Check mode: functions from outside that are called. They may keep a number that they are told, and the program may read it
 * again: no analysis sees that, so generated code looks, around such a call, at all that is read.
 */
import { assertion } from '../ir/assertion.js';
import type { Func, Module, Op, Region } from '../ir/nodes.js';
import { mapRegions, walkOps } from '../ir/visit.js';
import type { Activity } from './activity.js';

/** Whether functions from outside are called at all. */
export function callsOutside(module: Module): boolean {
  let any = false;
  for (const f of module.funcs.values())
    walkOps(f.body, (op) => {
      any ||= op.kind === 'foreign' && op.role === 'calls';
    });
  return any;
}

/** The module, with a notice before each call that is given an active number. */
export function withNotices(module: Module, activity: Activity): Module {
  const isTold = (op: Op): boolean =>
    op.kind === 'foreign' && op.role === 'calls' && op.args.some((a) => activity.varied(a));
  // operations without regions stay the same: facts are about them
  const region = (r: Region): Region => ({
    ...r,
    ops: r.ops.flatMap((op) => {
      if (isTold(op)) return [assertion('tells', [], [], op.span), op];
      return [mapRegions(op, region)];
    }),
  });
  const told = [...module.funcs].filter(([, f]) => {
    let any = false;
    walkOps(f.body, (op) => {
      any ||= isTold(op);
    });
    return any;
  });
  return {
    ...module,
    funcs: new Map([
      ...module.funcs,
      ...told.map(([k, f]): [string, Func] => [k, { ...f, body: region(f.body) }]),
    ]),
  };
}
