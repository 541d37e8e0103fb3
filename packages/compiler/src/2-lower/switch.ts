/**
 * `switch`: tests in order, then segments that fall through. Where no segment falls into the next, it is a chain of `if`s;
 * otherwise the number of the entry segment is computed first, and segment `k` runs if the entry is at most `k`.
 */
import type { ts } from '../host/ts.js';
import type { ValueId } from '../ir/nodes.js';
import type { FunctionContext } from './context.js';
import { equal, lowerExpression } from './expressions.js';
import { hoist, lowerStatement, lowerStatements } from './statements.js';

interface Segment {
  readonly tests: readonly ts.Expression[];
  readonly isDefault: boolean;
  readonly statements: readonly ts.Statement[];
}

export function lowerSwitch(cx: FunctionContext, s: ts.SwitchStatement, labels: readonly string[]): void {
  const on = cx.ir(lowerExpression(cx, s.expression), s.expression);
  const segments = groupClauses(cx, s.caseBlock.clauses);
  cx.block(
    { breaks: true, continues: false, userLabels: labels },
    () => {
      // all clauses are one block
      hoist(
        cx,
        s.caseBlock.clauses.flatMap((c) => [...c.statements]),
      );
      const last = segments.length - 1;
      const falls = segments.some((g, k) => k < last && !endsWithJump(cx, g.statements));
      const defaultAt = segments.findIndex((g) => g.isDefault);
      if (!falls && (defaultAt < 0 || defaultAt === last)) lowerChain(cx, on, segments, 0, s);
      else lowerSegments(cx, on, segments, s);
    },
    s,
  );
}

/** Clauses without statements share the segment of the next one. */
function groupClauses(cx: FunctionContext, clauses: readonly ts.CaseOrDefaultClause[]): Segment[] {
  const segments: Segment[] = [];
  let tests: ts.Expression[] = [];
  let isDefault = false;
  clauses.forEach((c, k) => {
    if (cx.ts.isCaseClause(c)) tests.push(c.expression);
    else isDefault = true;
    if (c.statements.length === 0 && k + 1 < clauses.length) return;
    segments.push({ tests, isDefault, statements: c.statements });
    tests = [];
    isDefault = false;
  });
  return segments;
}

/** Whether the statements surely end in a jump, seen without evaluating anything. */
function endsWithJump(cx: FunctionContext, list: readonly ts.Statement[]): boolean {
  const { ts } = cx;
  const last = list[list.length - 1];
  if (!last) return false;
  if (ts.isBreakOrContinueStatement(last) || ts.isReturnStatement(last) || ts.isThrowStatement(last))
    return true;
  if (ts.isBlock(last)) return endsWithJump(cx, last.statements);
  if (ts.isIfStatement(last))
    return (
      !!last.elseStatement && endsWithJump(cx, [last.thenStatement]) && endsWithJump(cx, [last.elseStatement])
    );
  return false;
}

function testOf(cx: FunctionContext, on: ValueId, tests: readonly ts.Expression[], node: ts.Node): ValueId {
  let any: ValueId | undefined;
  for (const t of tests) {
    const before = any;
    const one = () => equal(cx, 'eq', on, cx.ir(lowerExpression(cx, t), t), t);
    if (before === undefined) any = one();
    else {
      const v = cx.branch(
        before,
        () => ({ kind: 'ir', id: cx.constant(true, t) }),
        () => ({ kind: 'ir', id: one() }),
        t,
      );
      any = cx.ir(v!, t);
    }
  }
  return any ?? cx.constant(false, node);
}

function lowerChain(
  cx: FunctionContext,
  on: ValueId,
  segments: readonly Segment[],
  k: number,
  s: ts.SwitchStatement,
): void {
  const g = segments[k];
  if (!g) return;
  const body = () => {
    lowerStatements(cx, withoutBreak(cx, g.statements));
    return undefined;
  };
  const cond = testOf(cx, on, g.tests, s);
  if (g.isDefault) {
    body();
    return;
  }
  cx.branch(cond, body, () => void lowerChain(cx, on, segments, k + 1, s) as undefined, s);
}

/** A plain `break` at the end of a segment is where the chain goes anyway. */
function withoutBreak(cx: FunctionContext, list: readonly ts.Statement[]): readonly ts.Statement[] {
  const last = list[list.length - 1];
  return last && cx.ts.isBreakStatement(last) && !last.label ? list.slice(0, -1) : list;
}

function lowerSegments(
  cx: FunctionContext,
  on: ValueId,
  segments: readonly Segment[],
  s: ts.SwitchStatement,
): void {
  const fallback = segments.findIndex((g) => g.isDefault);
  const none = fallback < 0 ? segments.length : fallback;
  const entryFrom = (k: number): ValueId => {
    if (k === segments.length) return cx.constant(none, s);
    const cond = testOf(cx, on, segments[k].tests, s);
    const v = cx.branch(
      cond,
      () => ({ kind: 'ir', id: cx.constant(k, s) }),
      () => ({ kind: 'ir', id: entryFrom(k + 1) }),
      s,
    );
    return cx.ir(v!, s);
  };
  const entry = entryFrom(0);
  // names declared in the case block are visible in all segments
  segments.forEach((g, k) => {
    if (cx.end) return;
    const runs = cx.scalar('le', [entry, cx.constant(k, s)], s);
    cx.branch(
      runs,
      () => {
        for (const statement of g.statements) if (!cx.end) lowerStatement(cx, statement);
        return undefined;
      },
      () => undefined,
      s,
    );
  });
}
