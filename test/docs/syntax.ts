/** Every kind of syntax that runs: statements, expressions, operators, patterns, members. */
import { Node, SyntaxKind, ts } from 'ts-morph';

/** Kinds that are not written by anybody, that only describe types, or that are shown by their operator. */
const LEFT_OUT =
  /^(Jsx|Json|JSDoc|NotEmitted|PartiallyEmitted|CommaList|Synthetic|First|Last)|WithTypeArguments$/;
const BY_OPERATOR = new Set(['BinaryExpression', 'PrefixUnaryExpression', 'PostfixUnaryExpression']);

const kinds = Object.keys(SyntaxKind).filter(
  (name) =>
    /(Statement|Expression|Literal|Function|BindingPattern)$/.test(name) &&
    !LEFT_OUT.test(name) &&
    !BY_OPERATOR.has(name) &&
    name !== 'TypeLiteral',
);
const others = [
  ...['SpreadElement', 'SpreadAssignment', 'OmittedExpression', 'ComputedPropertyName'],
  ...['ThisKeyword', 'SuperKeyword', 'TrueKeyword', 'FalseKeyword', 'NullKeyword'],
  ...['FunctionDeclaration', 'ClassDeclaration', 'MethodDeclaration', 'GetAccessor', 'SetAccessor'],
  ...['Constructor', 'PropertyDeclaration', 'Decorator', 'ForOfStatement', 'ForInStatement', 'CatchClause'],
  'NoSubstitutionTemplateLiteral',
];
const arithmetic = '+ - * / % ** & | ^ << >> >>> && || ??'.split(' ');
const binary = [...arithmetic, ...arithmetic.map((o) => `${o}=`), ...'= , < <= > >= == != === !=='.split(' ')]
  .concat(['in', 'instanceof'])
  .map((operator) => `x ${operator} y`);
const unary = ['+x', '-x', '~x', '!x', '++x', '--x', 'x++', 'x--'];

export const SYNTAX: ReadonlySet<string> = new Set([...kinds, ...others, ...binary, ...unary].sort());

/** The entry of `SYNTAX` for a node, if it is one. */
export function syntaxOf(node: Node): string {
  if (Node.isBinaryExpression(node)) return `x ${node.getOperatorToken().getText()} y`;
  if (Node.isPrefixUnaryExpression(node)) return `${ts.tokenToString(node.getOperatorToken())}x`;
  if (Node.isPostfixUnaryExpression(node)) return `x${ts.tokenToString(node.getOperatorToken())}`;
  return node.getKindName();
}
