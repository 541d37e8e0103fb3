/** What the declarations of random programs declare. */
import type { Stmt, ValueType } from './ast.js';
import * as containers from './render-containers.js';
import * as x from './render-expression.js';
import { record } from './render-records.js';
import { TYPE } from './values.js';

type Declaring = Extract<Stmt, { s: (typeof DECLARING)[number] }>;
const DECLARING = [
  ...(['number', 'flag', 'integer', 'array', 'matrix', 'object', 'tuple'] as const),
  ...(['list', 'instance', 'map', 'set', 'functions', 'record'] as const),
] as const;
export const isDeclaring = (stmt: Stmt): stmt is Declaring =>
  (DECLARING as readonly string[]).includes(stmt.s);

export interface Declared {
  readonly prefix: string;
  readonly type: ValueType;
  readonly constant: boolean;
  readonly annotation: string;
  readonly text: string;
}

export function declaration(scope: x.Scope, stmt: Declaring): Declared {
  const make = (prefix: string, type: ValueType, constant: boolean, text: string, annotated: boolean) => ({
    prefix,
    type,
    constant,
    text,
    annotation: annotated ? `: ${TYPE[type]}` : '',
  });
  switch (stmt.s) {
    case 'number':
      return make('v', 'num', stmt.constant, x.expression(scope, stmt.e), stmt.constant);
    case 'flag':
      return make('b', 'flag', false, x.condition(scope, stmt.e), true);
    case 'integer':
      return make('n', 'int', false, String(stmt.at % 4), false);
    case 'array': {
      const type = stmt.form % 2 ? 'f64' : 'arr';
      const text = stmt.form === 3 ? 'new Float64Array(3)' : x.fresh(scope, type, stmt.e);
      return make('a', type, true, text, false);
    }
    case 'matrix': {
      const row = x.pick(x.ofType(scope, 'arr'), stmt.at)?.name;
      const other = stmt.shared && row !== undefined;
      const text = other ? `[${row}, ${x.fresh(scope, 'arr', stmt.e)}]` : x.fresh(scope, 'mat', stmt.e);
      return make('m', 'mat', true, text, false);
    }
    case 'object': {
      const row = x.pick(x.ofType(scope, 'arr'), stmt.at)?.name ?? x.fresh(scope, 'arr', stmt.e);
      const [a, b] = stmt.e.map((e) => x.expression(scope, e));
      return make('o', 'obj', false, `{ a: ${a ?? 1}, b: ${b ?? 2}, v: ${row} }`, true);
    }
    case 'tuple':
      return make('t', 'tup', false, x.fresh(scope, 'tup', stmt.e), true);
    case 'list':
      return make('l', 'list', stmt.form % 2 === 0, containers.list(scope, stmt), true);
    case 'instance':
      return make('q', 'vec', stmt.at % 3 === 0, containers.instance(scope, stmt), true);
    case 'map':
      return make('d', 'map', true, containers.map(scope, stmt), false);
    case 'set':
      return make('z', 'set', true, x.fresh(scope, 'set', stmt.e), false);
    case 'functions':
      return make('k', 'fns', true, containers.functions(scope, stmt), true);
    case 'record': {
      const { type, text } = record(scope, stmt);
      return make('y', type, type === 'objs' && stmt.form % 3 === 0, text, true);
    }
  }
}
