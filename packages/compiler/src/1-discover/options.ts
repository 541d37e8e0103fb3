/** Reads the options literal of a marker call. Unknown names and values that are not literal are errors. */
import { isSparse, type MarkerName, type MarkerOptions } from '../host/marker.js';
import { isConst, skipWrappers, symbolOf } from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';

export interface OptionProblem {
  readonly code: 'AD1002' | 'AD1005' | 'AD1006';
  readonly node: ts.Node;
  readonly message: string;
}

const KNOWN: Readonly<Record<MarkerName, readonly string[]>> = {
  grad: ['argnums', 'backend', 'wrt'],
  valueAndGrad: ['argnums', 'backend', 'aux', 'wrt'],
  gradInto: ['argnums', 'backend', 'accumulate'],
  jvp: ['backend'],
  vjp: ['backend'],
  hvp: ['backend'],
  hessian: ['argnums', 'backend'],
  jacobian: ['argnums', 'backend'],
  jacfwd: ['argnums', 'backend'],
  jacrev: ['argnums', 'backend'],
  sparseJacobian: [],
  sparseHessian: [],
};

/** Markers that a tape can serve: reverse mode, once. */
const TAPED: ReadonlySet<MarkerName> = new Set<MarkerName>(['grad', 'valueAndGrad', 'gradInto', 'vjp']);

/** A `const` initialised by a literal stands for it. */
function literal(host: Host, e: ts.Expression): ts.Expression {
  const { ts } = host;
  const x = skipWrappers(ts, e);
  if (!ts.isIdentifier(x)) return x;
  const d = symbolOf(host, x)?.valueDeclaration;
  return d && ts.isVariableDeclaration(d) && d.initializer && isConst(ts, d)
    ? skipWrappers(ts, d.initializer)
    : x;
}

export function readOptions(
  host: Host,
  marker: MarkerName,
  arg: ts.Expression | undefined,
): MarkerOptions | OptionProblem {
  const { ts } = host;
  let argnums: readonly number[] = [0];
  let single = true;
  const flags = { accumulate: false, aux: false };
  let backend: MarkerOptions['backend'] = 'adjoint';
  let wrt: MarkerOptions['wrt'];
  const problem = (code: OptionProblem['code'], node: ts.Node, message: string): OptionProblem => ({
    code,
    node,
    message,
  });
  if (!arg || isSparse(marker)) return { argnums, single, ...flags, wrt, backend };
  const o = literal(host, arg);
  if (ts.isIdentifier(o) && o.text === 'undefined') return { argnums, single, ...flags, wrt, backend };
  if (!ts.isObjectLiteralExpression(o))
    return problem('AD1005', arg, `the options of \`${marker}\` must be an object literal`);
  for (const p of o.properties) {
    if (!ts.isPropertyAssignment(p) || !(ts.isIdentifier(p.name) || ts.isStringLiteral(p.name)))
      return problem('AD1005', p, `the options of \`${marker}\` must be written as \`name: literal\``);
    const name = p.name.text;
    if (!KNOWN[marker].includes(name))
      return problem(
        'AD1006',
        p.name,
        `\`${marker}\` has no option \`${name}\`; it has ${KNOWN[marker].map((k) => `\`${k}\``).join(', ')}`,
      );
    const value = literal(host, p.initializer);
    if (name === 'backend') {
      if (!ts.isStringLiteral(value) || (value.text !== 'adjoint' && value.text !== 'tape'))
        return problem('AD1006', p.initializer, "`backend` must be 'adjoint' or 'tape'");
      if (value.text === 'tape' && !TAPED.has(marker))
        return problem(
          'AD1006',
          p.initializer,
          `\`${marker}\` is not there for the tape, which has grad, valueAndGrad, gradInto and vjp`,
        );
      backend = value.text;
    } else if (name === 'wrt') {
      const list = ts.isArrayLiteralExpression(value) ? value.elements.map((x) => literal(host, x)) : [];
      if (list.length === 0 || !list.every((x) => ts.isStringLiteralLike(x)))
        return problem('AD1005', p.initializer, "`wrt` must be a literal list of paths such as 'layer.w'");
      wrt = list.map((x) => (x as ts.StringLiteral).text.split('.'));
    } else if (name === 'accumulate' || name === 'aux') {
      if (value.kind !== ts.SyntaxKind.TrueKeyword && value.kind !== ts.SyntaxKind.FalseKeyword)
        return problem('AD1005', p.initializer, `\`${name}\` must be \`true\` or \`false\``);
      flags[name] = value.kind === ts.SyntaxKind.TrueKeyword;
    } else {
      const list = ts.isArrayLiteralExpression(value) ? value.elements : [value];
      const numbers = list.map((x) => {
        const n = literal(host, x);
        return ts.isNumericLiteral(n)
          ? Number(n.text)
          : ts.isPrefixUnaryExpression(n) && ts.isNumericLiteral(n.operand)
            ? -Number(n.operand.text)
            : undefined;
      });
      if (numbers.some((n) => n === undefined))
        return problem(
          'AD1005',
          p.initializer,
          '`argnums` must be a literal number or a literal list of numbers',
        );
      const bad = numbers.find((n) => !Number.isInteger(n) || (n as number) < 0);
      if (bad !== undefined)
        return problem('AD1002', p.initializer, `\`argnums\` names argument ${bad}, which does not exist`);
      if (numbers.length === 0)
        return problem('AD1002', p.initializer, '`argnums` is empty: it must name at least one argument');
      const twice = numbers.find((k, at) => numbers.indexOf(k) < at);
      if (marker === 'gradInto' && twice !== undefined) {
        const message = `\`argnums\` names argument ${twice} twice, but its gradient is written into one place`;
        return problem('AD1002', p.initializer, message);
      }
      argnums = numbers as number[];
      single = !ts.isArrayLiteralExpression(value);
    }
  }
  if (marker === 'hessian' && !single)
    return problem('AD1005', arg, '`hessian` needs a single position in `argnums`');
  if (wrt && !single) return problem('AD1005', arg, '`wrt` needs a single position in `argnums`');
  return { argnums, single, ...flags, wrt, backend };
}
