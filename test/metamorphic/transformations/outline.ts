/** An expression becomes a call of a new function, with the variables in it as arguments. */
import ts from 'typescript';
import {
  type Change,
  type Edit,
  isArithmetic,
  type Program,
  replace,
  type Transformation,
  usesFunction,
} from '../program.js';

export const outline: Transformation = { name: 'outline expressions', floor: 110, apply };

const PASSED = /^(number|(readonly )?number\[\]|Float64Array(<\w+>)?)$/;

function apply(p: Program): Change | undefined {
  const edits: Edit[] = [];
  const functions: string[] = [];
  for (const e of candidates(p)) {
    const locals = p.localsUsedIn(e);
    const types = locals.map((id) => p.checker.typeToString(p.checker.getTypeAtLocation(id)));
    if (locals.length === 0 || !types.every((t) => PASSED.test(t))) continue;
    const name = `outlined${functions.length}`;
    const parameters = locals.map((id, k) => `${id.text}: ${types[k]}`).join(', ');
    functions.push(`function ${name}(${parameters}): number {\n  return ${e.getText()};\n}`);
    edits.push(replace(e, `${name}(${locals.map((id) => id.text).join(', ')})`));
  }
  const { end } = p.file;
  return edits.length === 0
    ? undefined
    : { edits: [...edits, { start: end, end, text: `\n${functions.join('\n')}\n` }] };
}

/** Results, initial values and right sides that are arithmetic on numbers. */
function candidates(p: Program): ts.Expression[] {
  return p
    .all((n): n is ts.BinaryExpression => ts.isBinaryExpression(n) && isArithmetic(n))
    .filter((e) => {
      const { parent } = e;
      const whole =
        ts.isReturnStatement(parent) ||
        (ts.isVariableDeclaration(parent) && parent.initializer === e) ||
        (ts.isBinaryExpression(parent) && parent.right === e && !isArithmetic(parent));
      const isNumber = (p.checker.getTypeAtLocation(e).flags & ts.TypeFlags.Number) !== 0;
      return whole && isNumber && !usesFunction(p, e);
    });
}
