/** Call sites with `backend: 'tape'`. */
import ts from 'typescript';
import type { Site } from './fixture.js';

/** The file that calls the markers on the tape. */
export function tapeSites(sites: readonly Site[]): string {
  const options = (s: Site) =>
    `{ ${s.argnums ? `argnums: [${s.argnums.join(', ')}], ` : ''}backend: 'tape' }`;
  const lines = sites.flatMap((s) => [
    `export const ${s.name}_vjp = vjp(${s.fn}, { backend: 'tape' });`,
    ...(s.vector
      ? []
      : ['valueAndGrad', 'grad', 'gradInto'].map(
          (marker) => `export const ${s.name}_${marker} = ${marker}(${s.fn}, ${options(s)});`,
        )),
  ]);
  const markers = sites.every((s) => s.vector) ? 'vjp' : 'grad, gradInto, valueAndGrad, vjp';
  const names = [...new Set(sites.map((s) => s.fn))].join(', ');
  return [
    `import { ${markers} } from 'adjoint';`,
    `import { ${names} } from './input.js';`,
    '',
    ...lines,
    '',
  ].join('\n');
}

/** A program whose marker calls get the option. */
export function onTape(text: string): string {
  const file = ts.createSourceFile('input.ts', text, ts.ScriptTarget.ES2022, true);
  const names = markerNames(file);
  const edits: { at: number; text: string }[] = [];
  const visit = (n: ts.Node): void => {
    if (ts.isCallExpression(n) && names.has(n.expression.getText()) && n.arguments.length > 0) {
      const [f, options] = n.arguments;
      if (options === undefined) edits.push({ at: f.end, text: ", { backend: 'tape' }" });
      else edits.push({ at: options.getStart() + 1, text: " backend: 'tape'," });
    }
    ts.forEachChild(n, visit);
  };
  visit(file);
  edits.sort((a, b) => b.at - a.at);
  return edits.reduce((out, e) => out.slice(0, e.at) + e.text + out.slice(e.at), text);
}
const MARKERS = ['grad', 'valueAndGrad', 'gradInto', 'vjp'];
/** What the file calls the markers by. */
function markerNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  for (const s of file.statements) {
    if (!ts.isImportDeclaration(s) || s.moduleSpecifier.getText().slice(1, -1) !== 'adjoint') continue;
    const bindings = s.importClause?.namedBindings;
    if (bindings && ts.isNamespaceImport(bindings))
      for (const m of MARKERS) names.add(`${bindings.name.text}.${m}`);
    else if (bindings)
      for (const e of (bindings as ts.NamedImports).elements)
        if (MARKERS.includes((e.propertyName ?? e.name).text)) names.add(e.name.text);
  }
  return names;
}
