/** Classes as TypeScript declares them: what extends them, and the fields of their instances. */
import { symbolOf } from './scopes.js';
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';

export const isAbstract = (ts: Host['ts'], d: ts.ClassLikeDeclaration): boolean =>
  d.modifiers?.some((m) => m.kind === ts.SyntaxKind.AbstractKeyword) ?? false;

/** The named classes at the top of files, by what each of them says it comes from. */
function heirs(
  host: Host,
  ancestorsOf: (d: ts.ClassDeclaration) => readonly ts.Symbol[],
): ReadonlyMap<ts.Symbol, readonly ts.ClassDeclaration[]> {
  const { ts } = host;
  const direct = new Map<ts.Symbol, ts.ClassDeclaration[]>();
  visitSources(host, (n) => {
    if (!ts.isClassDeclaration(n) || !n.name || !ts.isSourceFile(n.parent)) return;
    for (const s of ancestorsOf(n)) direct.set(s, [...(direct.get(s) ?? []), n]);
  });
  return direct;
}
const clauseOf = (d: ts.ClassDeclaration, kind: ts.SyntaxKind): readonly ts.ExpressionWithTypeArguments[] =>
  d.heritageClauses?.find((h) => h.token === kind)?.types ?? [];

const extending = perProgram((host) =>
  heirs(host, (d) => {
    const [base] = clauseOf(d, host.ts.SyntaxKind.ExtendsKeyword);
    const s = base && symbolOf(host, base.expression);
    return s ? [s] : [];
  }),
);
/** The classes of the program that extend a class, directly or through others. */
export function subclassesOf(host: Host, d: ts.ClassLikeDeclaration): ts.ClassLikeDeclaration[] {
  const own = d.name && host.checker.getSymbolAtLocation(d.name);
  const found = (own && extending(host).get(own)) ?? [];
  return found.flatMap((c) => [c, ...subclassesOf(host, c)]);
}

const implementing = perProgram((host) =>
  heirs(host, (d) =>
    clauseOf(d, host.ts.SyntaxKind.ImplementsKeyword).flatMap((t) =>
      interfacesOf(host, host.checker.getTypeAtLocation(t)),
    ),
  ),
);
/** An interface and those that it extends; a type that is written out (`type Shape = { area(): number }`) extends none. */
function interfacesOf(host: Host, type: ts.Type): ts.Symbol[] {
  const { Interface, TypeLiteral } = host.ts.SymbolFlags;
  const declared = ((type as ts.TypeReference).target ?? type) as ts.InterfaceType;
  if (!type.symbol || !(type.symbol.flags & (Interface | TypeLiteral))) return [];
  if (type.symbol.flags & TypeLiteral) return [type.symbol];
  return [type.symbol, ...(host.checker.getBaseTypes(declared) ?? []).flatMap((b) => interfacesOf(host, b))];
}
/** The classes of the program that say they implement an interface, and those that extend them. */
export function implementersOf(host: Host, type: ts.Type): ts.ClassLikeDeclaration[] {
  if (!type.symbol) return [];
  const own = implementing(host).get(type.symbol) ?? [];
  return [...new Set(own.flatMap((c) => [c, ...subclassesOf(host, c)]))];
}

/** Methods and accessors of classes. */
export const isOnPrototype = (ts: Host['ts'], property: ts.Symbol): boolean =>
  (property.flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Accessor | ts.SymbolFlags.Prototype)) !== 0 ||
  property.valueDeclaration?.kind === ts.SyntaxKind.MethodDeclaration;

/** The version of the language that the program is compiled to. */
function targetOf({ ts, program }: Host): ts.ScriptTarget {
  const { target } = program.getCompilerOptions();
  return target ?? (Number(ts.versionMajorMinor) >= 6 ? ts.ScriptTarget.ES2025 : ts.ScriptTarget.ES5);
}
/** Whether a field without an initialiser is set to `undefined` when an instance is made (class fields of ES2022). */
export function definesFields(host: Host): boolean {
  const { useDefineForClassFields } = host.program.getCompilerOptions();
  return host.untyped === true || (useDefineForClassFields ?? targetOf(host) >= host.ts.ScriptTarget.ES2022);
}
/**
 * Whether fields are still fields where the program runs: their initialisers come before all that the constructor does. For older targets,
 * and where fields are assigned, TypeScript writes them into the constructor, behind its parameters.
 */
export const keepsFields = (host: Host): boolean =>
  definesFields(host) && (host.untyped === true || targetOf(host) >= host.ts.ScriptTarget.ES2022);

/** The fields that an instance has as soon as it is made, also those that are still `undefined`, in their order. */
export function definedFields(host: Host, type: ts.Type): readonly string[] {
  const { ts } = host;
  const defines = definesFields(host);
  const made = madeFields(host, type);
  const isDefined = ({ valueDeclaration: d, flags, name }: ts.Symbol): boolean =>
    made.includes(name) && ((d && ts.isParameter(d)) || defines || !(flags & ts.SymbolFlags.Optional));
  return propertiesInOrder(host, type)
    .filter(isDefined)
    .map((p) => fieldKey(ts, p));
}
/** The names of the fields that a class or one that it extends makes; those that are `abstract` or `declare`d are made by others. */
function madeFields(host: Host, type: ts.Type): readonly string[] {
  const { ts } = host;
  const inherited = basesOf(host, type).flatMap((b) => madeFields(host, b));
  const isMade = ({ valueDeclaration: d }: ts.Symbol): boolean =>
    d !== undefined &&
    (ts.isPropertyDeclaration(d) || ts.isParameter(d)) &&
    (ts.getCombinedModifierFlags(d) & (ts.ModifierFlags.Abstract | ts.ModifierFlags.Ambient)) === 0;
  return propertiesInOrder(host, type)
    .filter((p) => inherited.includes(p.name) || isMade(p))
    .map((p) => p.name);
}
function basesOf({ checker }: Host, type: ts.Type): readonly ts.Type[] {
  const declared = ((type as ts.TypeReference).target ?? type) as ts.InterfaceType;
  return declared.isClassOrInterface() ? checker.getBaseTypes(declared) : [];
}

/** The fields that an instance of a class surely has, where their types are not known (those of a generic class). */
export const sureFields = (host: Host, type: ts.Type): readonly string[] =>
  propertiesInOrder(host, type)
    .filter((p) => !isOnPrototype(host.ts, p) && !(p.flags & host.ts.SymbolFlags.Optional))
    .map((p) => fieldKey(host.ts, p));

/** Fields of instances are made by the base class first; parameter properties come before the others. */
export function propertiesInOrder(host: Host, type: ts.Type): readonly ts.Symbol[] {
  const { ts, checker } = host;
  const properties = checker.getPropertiesOfType(type);
  const d = type.symbol?.valueDeclaration;
  if (!d || !ts.isClassLike(d)) return properties;
  const inherited = basesOf(host, type).flatMap((b) => madeFields(host, b));
  const rank = (p: ts.Symbol): number => {
    const k = inherited.indexOf(p.name);
    if (k >= 0) return k;
    return inherited.length + (p.valueDeclaration && ts.isParameter(p.valueDeclaration) ? 0 : 1);
  };
  return [...properties].sort((a, b) => rank(a) - rank(b));
}

/** The key of a property; a `#private` name gets one that no user can write. */
export const fieldKey = (ts: Host['ts'], property: ts.Symbol): string => {
  const d = property.valueDeclaration;
  return d && ts.isPropertyDeclaration(d) && ts.isPrivateIdentifier(d.name) ? d.name.text : property.name;
};
