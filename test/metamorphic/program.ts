/** What transformations work on: the input.ts of a fixture with its types, and changes of its text. */
import ts from 'typescript';
import { createProgram, ROOT, type Sources } from '../support/compile.js';

const K = ts.SyntaxKind;

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
export interface Change {
  readonly edits: readonly Edit[];
  /** Files beside input.ts. */
  readonly files?: Sources;
  /** The arguments of a function in the form that it takes now. */
  readonly adapt?: Adapt;
  /** The arguments of the original, where they are not those of the fixture. */
  readonly baseline?: Adapt;
  /** What the derivative may throw instead. */
  readonly mayThrow?: RegExp;
}
export type Adapt = (fn: string, args: readonly unknown[]) => unknown[];
export interface Transformation {
  readonly name: string;
  /** It must apply to so many fixtures at least. */
  readonly floor: number;
  /** The changes of a program, or undefined where the transformation does not apply. */
  readonly apply: (p: Program) => Change | undefined;
}
export type FunctionWithBody = ts.FunctionDeclaration & {
  readonly name: ts.Identifier;
  readonly body: ts.Block;
};

export class Program {
  readonly file: ts.SourceFile;
  readonly checker: ts.TypeChecker;
  private readonly references = new Map<ts.Symbol, ts.Identifier[]>();

  /** `differentiated`: names of the functions that the cases of the fixture are about. */
  constructor(
    readonly sources: Sources,
    readonly differentiated: readonly string[],
  ) {
    const program = createProgram(sources);
    this.file = program.getSourceFile(`${ROOT}/input.ts`)!;
    this.checker = program.getTypeChecker();
    for (const id of this.all(ts.isIdentifier)) {
      const symbol = this.symbolOf(id);
      if (symbol) this.references.set(symbol, [...(this.references.get(symbol) ?? []), id]);
    }
  }

  /** All nodes of a kind, in the order of the text. */
  all<T extends ts.Node>(is: (n: ts.Node) => n is T, under: ts.Node = this.file): T[] {
    const found: T[] = [];
    const visit = (n: ts.Node): void => {
      if (is(n)) found.push(n);
      ts.forEachChild(n, visit);
    };
    visit(under);
    return found;
  }
  /** The variable that an identifier names; of `{ x }` the variable and not the property. */
  symbolOf(id: ts.Identifier): ts.Symbol | undefined {
    const { parent } = id;
    if (ts.isShorthandPropertyAssignment(parent))
      return this.checker.getShorthandAssignmentValueSymbol(parent);
    return this.checker.getSymbolAtLocation(id);
  }
  /** Where a variable is named, its declaration too. */
  referencesTo(name: ts.Identifier): readonly ts.Identifier[] {
    const symbol = this.symbolOf(name);
    return (symbol && this.references.get(symbol)) ?? [];
  }
  /** The uses of a variable: all but its declaration. */
  usesOf(name: ts.Identifier): readonly ts.Identifier[] {
    return this.referencesTo(name).filter((id) => id !== name);
  }
  /** The differentiated functions that are declared here, each once, with plain parameters. */
  functions(): FunctionWithBody[] {
    const declared = this.file.statements.filter(
      (s): s is FunctionWithBody =>
        ts.isFunctionDeclaration(s) && s.body !== undefined && s.name !== undefined,
    );
    return declared.filter(
      (f) =>
        this.differentiated.includes(f.name.text) &&
        declared.filter((g) => g.name.text === f.name.text).length === 1 &&
        this.symbolOf(f.name)?.declarations?.length === 1 &&
        f.asteriskToken === undefined,
    );
  }
  /** Functions among them that nothing here calls or hands on: their parameters can be changed. */
  entries(): FunctionWithBody[] {
    return this.functions().filter((f) => this.usesOf(f.name).length === 0 && !usesFunction(this, f));
  }
  /** The variables of functions and blocks, not of the module, that a piece of code uses but does not declare. */
  localsUsedIn(node: ts.Node): ts.Identifier[] {
    const found = new Map<ts.Symbol, ts.Identifier>();
    for (const id of this.all(ts.isIdentifier, node)) {
      const symbol = this.symbolOf(id);
      const d = symbol?.declarations?.[0];
      if (!symbol || !d || !isVariable(id) || d.getSourceFile() !== this.file) continue;
      const inside = d.pos >= node.pos && d.end <= node.end;
      // the name of a class or function that is an expression is known in it only
      const isOwnName = ts.isClassExpression(d) || ts.isFunctionExpression(d);
      if (!inside && (isOwnName || scopeOf(d) !== this.file)) found.set(symbol, id);
    }
    return [...found.values()];
  }
}

/** Whether an identifier stands for a variable, and not for a property or a label. */
export function isVariable(id: ts.Identifier): boolean {
  const { parent } = id;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== id;
  if (ts.isQualifiedName(parent)) return parent.right !== id;
  if (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent)) return parent.name !== id;
  if (ts.isPropertyDeclaration(parent) || ts.isPropertySignature(parent)) return parent.name !== id;
  if (ts.isBindingElement(parent)) return parent.propertyName !== id;
  return !ts.isLabeledStatement(parent) && !ts.isBreakOrContinueStatement(parent);
}
/** The function or file in which something is declared. */
function scopeOf(d: ts.Node): ts.Node {
  let n = d.parent;
  while (
    !ts.isFunctionLike(n) &&
    !ts.isSourceFile(n) &&
    !ts.isBlock(n) &&
    !ts.isForStatement(n) &&
    !isForIn(n)
  )
    n = n.parent;
  return n;
}
const isForIn = (n: ts.Node): boolean =>
  ts.isForInStatement(n) || ts.isForOfStatement(n) || ts.isCatchClause(n);

/** Whether an identifier is assigned where it stands. */
export function isWritten(id: ts.Node): boolean {
  const { parent } = id;
  if (ts.isBinaryExpression(parent))
    return (
      parent.left === id &&
      parent.operatorToken.kind >= K.FirstAssignment &&
      parent.operatorToken.kind <= K.LastAssignment
    );
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent))
    return parent.operator === K.PlusPlusToken || parent.operator === K.MinusMinusToken;
  return false;
}
/** Whether code uses what only the function around it has. */
export const usesFunction = (p: Program, node: ts.Node): boolean =>
  p.all(isThis, node).length > 0 ||
  p.all(ts.isIdentifier, node).some((id) => id.text === 'arguments' || id.text === 'this');
const isThis = (n: ts.Node): n is ts.Node => n.kind === K.ThisKeyword || n.kind === K.SuperKeyword;

const PURE = new Set([
  ...[K.PlusToken, K.MinusToken, K.AsteriskToken, K.SlashToken, K.AsteriskAsteriskToken, K.PercentToken],
  ...[K.LessThanToken, K.GreaterThanToken, K.LessThanEqualsToken, K.GreaterThanEqualsToken],
]);
/** Arithmetic on numbers that are variables, fields or elements: no effect, and no surprise where it is done. */
export function isArithmetic(e: ts.Node): boolean {
  if (ts.isParenthesizedExpression(e) || ts.isNonNullExpression(e)) return isArithmetic(e.expression);
  if (ts.isIdentifier(e) || ts.isNumericLiteral(e)) return true;
  if (ts.isPrefixUnaryExpression(e)) return e.operator === K.MinusToken && isArithmetic(e.operand);
  if (ts.isBinaryExpression(e))
    return PURE.has(e.operatorToken.kind) && isArithmetic(e.left) && isArithmetic(e.right);
  if (ts.isPropertyAccessExpression(e)) return !e.questionDotToken && isArithmetic(e.expression);
  if (ts.isElementAccessExpression(e))
    return !e.questionDotToken && isArithmetic(e.expression) && isArithmetic(e.argumentExpression);
  if (ts.isConditionalExpression(e)) return [e.condition, e.whenTrue, e.whenFalse].every(isArithmetic);
  return (
    ts.isCallExpression(e) &&
    /^Math\.(?!random)\w+$/.test(e.expression.getText()) &&
    e.arguments.every(isArithmetic)
  );
}

/** A text with the edits made, none of which overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const e of [...edits].sort((a, b) => b.start - a.start || b.end - a.end))
    result = result.slice(0, e.start) + e.text + result.slice(e.end);
  return result;
}
export const replace = (n: ts.Node, text: string): Edit => ({ start: n.getStart(), end: n.getEnd(), text });
/** A change with these edits, if there are any. */
export const changeOf = (edits: readonly Edit[]): Change | undefined =>
  edits.length > 0 ? { edits } : undefined;
/** An identifier replaced by an expression; `{ x }` becomes `{ x: text }`. */
export const replaceUse = (id: ts.Identifier, text: string): Edit =>
  replace(id, ts.isShorthandPropertyAssignment(id.parent) ? `${id.text}: ${text}` : text);
