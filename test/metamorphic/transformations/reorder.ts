/** Two declarations one after the other that do not need each other change places. */
import ts from 'typescript';
import { changeOf, type Edit, isArithmetic, type Program, replace, type Transformation } from '../program.js';

export const reorder: Transformation = { name: 'reorder independent statements', floor: 25, apply };

function apply(p: Program) {
  const edits: Edit[] = [];
  for (const block of p.all(ts.isBlock))
    for (let k = 0; k + 1 < block.statements.length; k++) {
      const [a, b] = [block.statements[k], block.statements[k + 1]];
      if (!isSimple(a) || !isSimple(b) || !isIndependent(p, a, b)) continue;
      edits.push(replace(a, b.getText()), replace(b, a.getText()));
      k++;
    }
  return changeOf(edits);
}

/** `const x = a * b + Math.sin(c)` and the like. */
function isSimple(s: ts.Statement): s is ts.VariableStatement {
  if (!ts.isVariableStatement(s) || s.declarationList.declarations.length !== 1) return false;
  const [d] = s.declarationList.declarations;
  return ts.isIdentifier(d.name) && d.initializer !== undefined && isArithmetic(d.initializer);
}
function isIndependent(p: Program, a: ts.VariableStatement, b: ts.VariableStatement): boolean {
  const [first] = a.declarationList.declarations;
  return p.usesOf(first.name as ts.Identifier).every((id) => id.pos < b.pos || id.end > b.end);
}
