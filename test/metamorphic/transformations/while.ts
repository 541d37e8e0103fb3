/** `for` loops become `while` loops in a block. */
import ts from 'typescript';
import { changeOf, type Edit, type Program, type Transformation } from '../program.js';

export const forToWhile: Transformation = { name: 'for to while', floor: 85, apply };

function apply(p: Program) {
  return changeOf(p.all(ts.isForStatement).flatMap((s) => (canBecomeWhile(p, s) ? rewritten(p, s) : [])));
}

/** A label would have to move too; a function made in the loop sees the variables of its trip; `finally` comes before the update. */
function canBecomeWhile(p: Program, s: ts.ForStatement): boolean {
  return (
    !ts.isLabeledStatement(s.parent) &&
    p.all(ts.isFunctionLike, s).length === 0 &&
    p.all(ts.isLabeledStatement, s).length === 0 &&
    p.all(ts.isTryStatement, s).every((t) => p.all(ts.isContinueStatement, t).length === 0)
  );
}

function rewritten(p: Program, s: ts.ForStatement): Edit[] {
  const text = (n: ts.Node | undefined, missing: string) => n?.getText() ?? missing;
  const update = s.incrementor ? `${s.incrementor.getText()};` : '';
  const body = s.statement;
  const head = `{ ${text(s.initializer, '')}; while (${text(s.condition, 'true')}) {`;
  return [
    { start: s.getStart(), end: body.getStart(), text: head },
    ...continues(p, body).map((c) => ({ start: c.getStart(), end: c.end, text: `{ ${update} continue; }` })),
    { start: body.end, end: body.end, text: ` ${update} } }` },
  ];
}

/** The `continue` statements that go on with this loop and not with one inside. */
function continues(p: Program, body: ts.Statement): ts.ContinueStatement[] {
  return p.all(ts.isContinueStatement, body).filter((c) => {
    if (c.label) return false;
    let n: ts.Node = c;
    while (n !== body && !ts.isIterationStatement(n, false)) n = n.parent;
    return n === body && !ts.isIterationStatement(n, false);
  });
}
