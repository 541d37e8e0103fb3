/** Parameters of another kind: a typed array for an array of numbers, an object with a field for a number. */
import ts from 'typescript';
import {
  type Change,
  type Edit,
  type FunctionWithBody,
  isWritten,
  type Program,
  replace,
  replaceUse,
  type Transformation,
} from '../program.js';

export const typedArrays: Transformation = {
  name: 'number[] to Float64Array',
  floor: 65,
  apply: (p) => changed(p, asTyped, (x) => (Array.isArray(x) ? Float64Array.from(x) : x)),
};
export const boxes: Transformation = {
  name: 'box a number in an object',
  floor: 130,
  apply: (p) => changed(p, asBox, (x) => (typeof x === 'number' ? { value: x } : x)),
};

type ParameterChange = (p: Program, name: ts.Identifier, x: ts.ParameterDeclaration) => Edit[] | undefined;

/** Changes what parameters can be changed, and the arguments with them. */
function changed(p: Program, change: ParameterChange, convert: (x: unknown) => unknown): Change | undefined {
  const edits: Edit[] = [];
  const positions = new Map<string, number[]>();
  for (const f of p.entries())
    for (const [k, x] of f.parameters.entries()) {
      const made = isSimple(x, f) && ts.isIdentifier(x.name) ? change(p, x.name, x) : undefined;
      if (!made) continue;
      edits.push(...made);
      positions.set(f.name.text, [...(positions.get(f.name.text) ?? []), k]);
    }
  if (edits.length === 0) return undefined;
  const adapt = (fn: string, args: readonly unknown[]) =>
    args.map((a, k) => (positions.get(fn)?.includes(k) ? convert(a) : a));
  return { edits, adapt };
}
const isSimple = (x: ts.ParameterDeclaration, f: FunctionWithBody): boolean =>
  !x.initializer &&
  !x.questionToken &&
  !x.dotDotDotToken &&
  x.type !== undefined &&
  f.typeParameters === undefined;

function asTyped(p: Program, name: ts.Identifier, { type }: ts.ParameterDeclaration): Edit[] | undefined {
  if (!type || !/^(readonly )?number\[\]$/.test(type.getText())) return undefined;
  return p.usesOf(name).every(isIndexed) ? [replace(type, 'Float64Array')] : undefined;
}
/** `v[i]`, `v.length` and `for (const x of v)` are the same for a typed array. */
function isIndexed(id: ts.Identifier): boolean {
  const { parent } = id;
  if (ts.isElementAccessExpression(parent)) return parent.expression === id;
  if (ts.isPropertyAccessExpression(parent)) return parent.name.text === 'length' && !isWritten(parent);
  return ts.isForOfStatement(parent) && parent.expression === id;
}

function asBox(p: Program, name: ts.Identifier, { type }: ts.ParameterDeclaration): Edit[] | undefined {
  if (type?.getText() !== 'number') return undefined;
  const uses = p.usesOf(name);
  return [replace(type, '{ value: number }'), ...uses.map((id) => replaceUse(id, `${name.text}.value`))];
}
