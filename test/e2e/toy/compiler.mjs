// A compiler of a few lines for tests of the build adapters. It knows functions `x => c * x`, wherever they are
// declared: the "gradient" of `f` is the first number in its body. So it reads other files, as the real one does.
// `eval` in a body is refused (AD2001), `debugger` gives a warning (AD8001), a call of `crash` throws.

export function mentionsAdjoint(text) {
  return /\badjoint\b/.test(text);
}

export const mayChange = mentionsAdjoint;
export const importsMarkers = () => false;

export function validateOptions(raw) {
  const unknown = Object.keys(raw ?? {}).filter((key) => key !== 'check');
  return { options: raw ?? {}, errors: unknown.map((key) => `unknown option "${key}"`) };
}

export function rewrite(ts, program, file, options = {}) {
  const checker = program.getTypeChecker();
  const edits = [];
  const diagnostics = [];
  const dependencies = new Set();
  const functions = [];

  const at = (node) => {
    const source = node.getSourceFile();
    const start = node.getStart(source);
    return { file: source.fileName, start, length: node.end - start };
  };

  function visitBody(node, call, found) {
    const report = (code, severity, message) =>
      diagnostics.push({
        code,
        severity,
        message,
        ...at(node),
        related: [{ message: 'asked for here', ...at(call) }],
        help: 'write it differently',
      });
    if (ts.isNumericLiteral(node)) found.push(node.text);
    if (ts.isIdentifier(node) && node.text === 'eval')
      report('AD2001', 'error', 'cannot differentiate `eval`');
    if (ts.isIdentifier(node) && node.text === 'crash') throw new Error('crashed as asked\nsecond line');
    if (ts.isDebuggerStatement(node)) report('AD8001', 'warning', 'a debugger statement');
    ts.forEachChild(node, (child) => visitBody(child, call, found));
  }

  function visit(node) {
    if (
      ts.isCallExpression(node) &&
      node.expression.getText(file) === 'grad' &&
      node.arguments.length === 1
    ) {
      const target = node.arguments[0];
      let symbol = checker.getSymbolAtLocation(target);
      if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
      const declaration = symbol?.valueDeclaration;
      if (declaration) {
        dependencies.add(declaration.getSourceFile().fileName);
        const found = [];
        visitBody(declaration, node, found);
        const name = `${target.getText(file)}_grad`;
        functions.push(
          `function ${name}(x: number) { const unused = [1][0].toFixed(); return tape_1 * ${found[0] ?? 0}${options.check ? ' /* checked */' : ''}; }`,
        );
        edits.push({ at: node.end - 1, text: `, undefined, ${name}` });
      }
    }
    ts.forEachChild(node, visit);
  }
  visit(file);
  dependencies.delete(file.fileName);
  if (diagnostics.some((d) => d.severity === 'error') || edits.length === 0) {
    return {
      code: file.text,
      edits: [],
      changed: false,
      diagnostics,
      dependencies: [...dependencies],
      generated: [],
      owners: [],
    };
  }
  edits.unshift({
    at: file.statements[0].getStart(file),
    text: 'import { tape as tape_1 } from "adjoint/internal"; ',
  });
  edits.push({ at: file.text.length, text: `\n${functions.join('\n')}\n` });
  const code = apply(file.text, edits);
  const generated = [{ start: code.length - edits.at(-1).text.length, end: code.length }];
  return { code, edits, changed: true, diagnostics, dependencies: [...dependencies], generated, owners: [] };
}

function apply(text, edits) {
  let out = '';
  let from = 0;
  for (const edit of edits) {
    out += text.slice(from, edit.at) + edit.text;
    from = edit.at;
  }
  return out + text.slice(from);
}
