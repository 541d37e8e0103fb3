/** How large the numbers are that a plain function meets on its way. */
import ts from 'typescript';
import { loadPlainModules } from '../support/compile.js';
import type { AnyFunction } from '../support/numeric.js';
import { cloneTree } from '../support/tree.js';

const OPERATORS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.SlashToken,
  ts.SyntaxKind.AsteriskAsteriskToken,
  ts.SyntaxKind.PlusEqualsToken,
  ts.SyntaxKind.MinusEqualsToken,
  ts.SyntaxKind.AsteriskEqualsToken,
  ts.SyntaxKind.SlashEqualsToken,
  ts.SyntaxKind.AsteriskAsteriskEqualsToken,
]);
const METER = 'meterOfMagnitude';

export interface Magnitude {
  /** The largest finite one. */
  readonly largest: number;
  /** Whether a result was infinite or not a number. */
  readonly overflow: boolean;
}

/**
 * The magnitudes among the results of arithmetic in `f(...args)`, `f` being an export of `source`.
 *
 * Next to a number of 1e16 a change of the argument by 1e-3 is lost altogether: differences then confirm a wrong
 * slope with a small error, and say nothing about the gradient.
 */
export async function magnitudeOf(
  source: string,
  file: string,
  args: readonly unknown[],
): Promise<Magnitude> {
  let largest = 0;
  let overflow = false;
  const place = globalThis as Record<string, unknown>;
  place[METER] = (x: unknown) => {
    if (typeof x !== 'number') return x;
    if (Number.isFinite(x)) largest = Math.max(largest, Math.abs(x));
    else overflow = true;
    return x;
  };
  try {
    const { f } = await loadPlainModules({ [file]: metered(source, file) }, file);
    largest = 0;
    overflow = false;
    (f as AnyFunction)(...cloneTree(args));
    return { largest, overflow };
  } catch {
    // what it throws is compared elsewhere
    return { largest, overflow };
  } finally {
    delete place[METER];
  }
}

/** `source` with a call of the meter around each arithmetic expression. */
function metered(source: string, file: string): string {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true);
  const wrap: ts.TransformerFactory<ts.SourceFile> = (context) => (root) => {
    const visit = (node: ts.Node): ts.Node => {
      const inner = ts.visitEachChild(node, visit, context);
      if (!ts.isBinaryExpression(inner) || !OPERATORS.has(inner.operatorToken.kind)) return inner;
      return ts.factory.createCallExpression(ts.factory.createIdentifier(METER), undefined, [inner]);
    };
    return ts.visitEachChild(root, visit, context);
  };
  return ts.createPrinter().printFile(ts.transform(parsed, [wrap]).transformed[0]);
}
