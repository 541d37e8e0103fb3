/** Helpers go to a file of their own. */
import ts from 'typescript';
import type { Change, Program, Transformation } from '../program.js';

export const split: Transformation = { name: 'split into two files', floor: 35, apply };

type Movable = (
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
) & {
  readonly name: ts.Identifier;
};
const isMovable = (s: ts.Node): s is Movable =>
  ((ts.isFunctionDeclaration(s) && s.body !== undefined) ||
    ts.isClassDeclaration(s) ||
    ts.isInterfaceDeclaration(s) ||
    ts.isTypeAliasDeclaration(s)) &&
  s.name !== undefined &&
  !ts.getModifiers(s)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword);

function apply(p: Program): Change | undefined {
  let moved = p.file.statements
    .filter(isMovable)
    .filter((s) => p.symbolOf(s.name)?.declarations?.length === 1);
  for (let before = -1; before !== moved.length; ) {
    before = moved.length;
    moved = moved.filter((s) => p.all(ts.isIdentifier, s).every((id) => isReachable(p, id, moved)));
  }
  if (!moved.some((s) => ts.isFunctionDeclaration(s) || ts.isClassDeclaration(s))) return undefined;
  const names = (values: boolean) =>
    moved
      .filter((s) => (ts.isFunctionDeclaration(s) || ts.isClassDeclaration(s)) === values)
      .map((s) => `${values ? '' : 'type '}${s.name.text}`);
  const imported = `import { ${[...names(true), ...names(false)].join(', ')} } from './helpers.js';\n`;
  return {
    edits: [
      ...moved.map((s) => ({ start: s.getStart(), end: s.end, text: '' })),
      { start: 0, end: 0, text: imported },
    ],
    files: { 'helpers.ts': moved.map((s) => `export ${s.getText()}\n`).join('\n') },
  };
}

/** What an identifier names is inside what is moved, or of the language. */
function isReachable(p: Program, id: ts.Identifier, moved: readonly Movable[]): boolean {
  return (p.symbolOf(id)?.declarations ?? []).every(
    (d) =>
      (d.getSourceFile() !== p.file && !ts.isImportSpecifier(d)) ||
      moved.some((m) => m.pos <= d.pos && d.end <= m.end),
  );
}
