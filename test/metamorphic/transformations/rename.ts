/** Variables, parameters and functions get other names: those that generated code would like to have. */
import ts from 'typescript';
import { changeOf, type Edit, type Program, replace, replaceUse, type Transformation } from '../program.js';

const WANTED =
  'tape data top refs refTop t t1 t2 o o1 o2 i i1 i2 n n1 k exit at last done xBar oBar s sBar pullback cotangent primals tangents xDot a a1 b d p q r v w x y z';

export const rename: Transformation = { name: 'rename variables', floor: 140, apply };

function apply(p: Program) {
  const taken = new Set(p.all(ts.isIdentifier).map((id) => id.text));
  const names = WANTED.split(' ').filter((name) => !taken.has(name));
  let next = 0;
  const fresh = () => names[next++] ?? `xBar${next}`;
  const edits: Edit[] = [];
  for (const name of declared(p)) {
    const references = p.referencesTo(name);
    const symbol = p.symbolOf(name);
    if (symbol?.declarations?.length !== 1 || references.some((id) => ts.isExportSpecifier(id.parent)))
      continue;
    const to = fresh();
    for (const id of references) edits.push(renamed(id, to));
  }
  return changeOf(edits);
}

function renamed(id: ts.Identifier, to: string): Edit {
  const { parent } = id;
  const binds =
    ts.isBindingElement(parent) && parent.name === id && !parent.propertyName && !parent.dotDotDotToken;
  if (binds && ts.isObjectBindingPattern(parent.parent)) return replace(id, `${id.text}: ${to}`);
  return replaceUse(id, to);
}

/** Names that only this file sees. */
function declared(p: Program): ts.Identifier[] {
  return p.all(ts.isIdentifier).filter((id) => {
    const d = id.parent;
    if (ts.isFunctionDeclaration(d) && d.name === id) return d.body !== undefined && !isExported(d);
    if (ts.isParameter(d) && d.name === id)
      return !ts.isParameterPropertyDeclaration(d, d.parent) && id.text !== 'this' && hasBody(d.parent);
    if (ts.isBindingElement(d) && d.name === id) return !isExported(statementOf(d));
    return ts.isVariableDeclaration(d) && d.name === id && !isExported(d.parent.parent);
  });
}
/** The statement around a declaration. */
function statementOf(d: ts.Node): ts.Node {
  return ts.isStatement(d) ? d : statementOf(d.parent);
}
const hasBody = (f: ts.Node): boolean => 'body' in f && f.body !== undefined;
const isExported = (n: ts.Node): boolean =>
  ts.canHaveModifiers(n) &&
  (ts.getModifiers(n)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword) ?? false);
