/** A call of a helper that is one expression becomes the expression. */
import ts from 'typescript';
import {
  changeOf,
  type Edit,
  edited,
  isArithmetic,
  type Program,
  replace,
  type Transformation,
  usesFunction,
} from '../program.js';

export const inline: Transformation = { name: 'inline helpers', floor: 3, apply };

interface Helper {
  readonly name: ts.Identifier;
  readonly parameters: readonly ts.ParameterDeclaration[];
  readonly value: ts.Expression;
}

function apply(p: Program) {
  const edits: Edit[] = [];
  for (const helper of helpers(p))
    for (const use of p.usesOf(helper.name)) {
      const call = use.parent;
      if (!ts.isCallExpression(call) || call.expression !== use || !canInline(p, helper, call)) continue;
      edits.push(replace(call, `(${valueFor(p, helper, call)})`));
    }
  const outer = edits.filter((e) => !edits.some((o) => o !== e && o.start <= e.start && e.end <= o.end));
  return changeOf(outer);
}

/** Functions of the module that return an expression of their parameters. */
function helpers(p: Program): Helper[] {
  const found: Helper[] = [];
  const add = (name: ts.Identifier, f: ts.SignatureDeclaration, value: ts.Expression | undefined) => {
    const plain = f.parameters.every(
      (x) => ts.isIdentifier(x.name) && !x.initializer && !x.dotDotDotToken && !x.questionToken,
    );
    if (value && plain && isArithmetic(value) && !usesFunction(p, value) && isNumeric(p, value))
      found.push({ name, parameters: f.parameters, value });
  };
  for (const s of p.file.statements) {
    if (ts.isFunctionDeclaration(s) && s.name && s.body?.statements.length === 1) {
      const [only] = s.body.statements;
      if (ts.isReturnStatement(only)) add(s.name, s, only.expression);
    }
    if (ts.isVariableStatement(s) && s.declarationList.flags & ts.NodeFlags.Const)
      for (const d of s.declarationList.declarations)
        if (
          ts.isIdentifier(d.name) &&
          d.initializer &&
          ts.isArrowFunction(d.initializer) &&
          !ts.isBlock(d.initializer.body)
        )
          add(d.name, d.initializer, d.initializer.body);
  }
  return found;
}
const isNumeric = (p: Program, e: ts.Expression): boolean =>
  (p.checker.getTypeAtLocation(e).flags & ts.TypeFlags.NumberLike) !== 0;

/** Arguments are as many as parameters and can be done again; names of the module mean the same at the call. */
function canInline(p: Program, { parameters, value }: Helper, call: ts.CallExpression): boolean {
  if (call.arguments.length !== parameters.length) return false;
  if (!call.arguments.every(isArithmetic)) return false;
  return p.all(ts.isIdentifier, value).every((id) => {
    const symbol = p.symbolOf(id);
    if (ts.isPropertyAccessExpression(id.parent) && id.parent.name === id) return true;
    const isParameter = symbol?.valueDeclaration && ts.isParameter(symbol.valueDeclaration);
    return isParameter || p.checker.resolveName(id.text, call, ts.SymbolFlags.Value, false) === symbol;
  });
}

function valueFor(p: Program, { parameters, value }: Helper, call: ts.CallExpression): string {
  const at = value.getStart();
  const edits = parameters.flatMap((x, k) =>
    p.usesOf(x.name as ts.Identifier).map((id) => ({
      start: id.getStart() - at,
      end: id.getEnd() - at,
      text: `(${call.arguments[k].getText()})`,
    })),
  );
  return edited(value.getText(), edits);
}
