/** The IR type of an instance that comes from outside: the fields of its class, and which classes it may be of. */
import type { ClassTag, RecordType, Type } from '../ir/nodes.js';
import { isAbstract, subclassesOf } from './instances.js';
import type { Host, ts } from './ts.js';
import { type Known, lowerRecord, UnsupportedType } from './types.js';

/** Whether an interface has the member as a field. */
export const isField = (ts: Host['ts'], type: ts.Type, m: ts.ClassElement): boolean => {
  const property = m.name && type.getProperty(m.name.getText());
  return property?.valueDeclaration !== undefined && ts.isPropertySignature(property.valueDeclaration);
};
/** Whether the objects that an interface, or a type like one, describes do something: numbers alone need no class. */
export const hasMethods = ({ ts, checker }: Host, type: ts.Type): boolean =>
  (type.symbol?.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeLiteral)) !== 0 &&
  checker
    .getPropertiesOfType(type)
    .some((p) => p.valueDeclaration !== undefined && ts.isMethodSignature(p.valueDeclaration));

/** An instance of a class, or of one that extends it somewhere in the program. */
export function lowerInstance(
  host: Host,
  type: ts.Type,
  d: ts.ClassLikeDeclaration,
  at: ts.Node,
  known: Known,
): Type | UnsupportedType {
  const { ts, checker } = host;
  const below = subclassesOf(host, d).filter((c) => !isAbstract(ts, c));
  if (below.length === 0) return lowerRecord(host, type, at, known);
  const types = below.map((c) => checker.getTypeAtLocation(c));
  return lowerInstances(host, type, isAbstract(ts, d) ? types : [type, ...types], at, known);
}

/** An object of one of these types. */
export function lowerInstances(
  host: Host,
  type: ts.Type,
  all: readonly ts.Type[],
  at: ts.Node,
  known: Known,
): Type | UnsupportedType {
  const made: RecordType = { kind: 'record', fields: [], tuple: false };
  known.types.set(type, made);
  const parts: Type[] = [];
  for (const t of all) {
    const p = lowerRecord(host, t, at, known);
    if (p instanceof UnsupportedType) return p;
    parts.push(p);
    known.types.set(type, made);
  }
  known.unions.push({ made, parts });
  return made;
}

export function classOf(host: Host, type: ts.Type): Pick<RecordType, 'classes' | 'outside'> {
  const d = type.symbol?.valueDeclaration;
  if (!d || !host.ts.isClassLike(d)) return {};
  return { classes: [classTag(d)], outside: true };
}

let nextClass = 0;
const classTags = new WeakMap<ts.ClassLikeDeclaration, ClassTag>();
/** The tag of a class; the same for the same declaration. */
export function classTag(d: ts.ClassLikeDeclaration): ClassTag {
  let tag = classTags.get(d);
  if (!tag) {
    tag = { id: nextClass++, name: d.name?.text ?? 'anonymous', declaration: d };
    classTags.set(d, tag);
  }
  return tag;
}
