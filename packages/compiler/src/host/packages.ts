/**
 * Functions from packages: their declarations have no bodies, so the JavaScript file that the host would load is read, as a
 * program of its own. Types are not taken from it: they are found from the call inwards.
 */
import type { Host, TypeScript, ts } from './ts.js';

/** A name as its package implements it. */
export interface Implementation {
  readonly host: Host;
  readonly symbol: ts.Symbol;
}

const programs = new WeakMap<TypeScript, Map<string, Host>>();
const hosts = new WeakMap<ts.SourceFile, Host>();

/** The host of a file that belongs to a package's implementation. */
export const packageHostOf = (file: ts.SourceFile): Host | undefined => hosts.get(file);

/** What an expression names in the implementation of a package; `undefined` if it names nothing imported from one. */
export function implementationOf(host: Host, e: ts.Expression): Implementation | undefined {
  const { ts } = host;
  if (ts.isIdentifier(e)) return importedName(host, e);
  if (!ts.isPropertyAccessExpression(e)) return undefined;
  const of = implementationOf(host, e.expression);
  if (!of || !(of.symbol.flags & ts.SymbolFlags.ValueModule)) return undefined;
  return exported(of.host, of.symbol, e.name.text);
}

function importedName(host: Host, e: ts.Identifier): Implementation | undefined {
  const { ts, checker } = host;
  const local = checker.getSymbolAtLocation(e);
  const d = local?.declarations?.[0];
  if (!local || !d || !(local.flags & ts.SymbolFlags.Alias)) return undefined;
  const clause = ts.isImportSpecifier(d) ? d.parent.parent : ts.isNamespaceImport(d) ? d.parent : d;
  if (!ts.isImportClause(clause)) return undefined;
  const specifier = clause.parent.moduleSpecifier;
  if (!ts.isStringLiteral(specifier)) return undefined;
  const target = checker.getAliasedSymbol(local);
  const decls = target.declarations ?? [];
  const hasSource = decls.some((x) => !x.getSourceFile().isDeclarationFile);
  if (hasSource) return undefined;
  const module = moduleOf(host, specifier.text, e.getSourceFile().fileName);
  if (!module) return undefined;
  if (ts.isNamespaceImport(d)) return module;
  const name = ts.isImportSpecifier(d) ? (d.propertyName ?? d.name).text : 'default';
  return exported(module.host, module.symbol, name);
}

function exported(host: Host, module: ts.Symbol, name: string): Implementation | undefined {
  const { ts, checker } = host;
  const found = checker.getExportsOfModule(module).find((s) => s.name === name);
  if (!found) return undefined;
  const symbol = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
  return { host, symbol };
}

/** The module that an import in a file gets, by its JavaScript. */
function moduleOf(host: Host, specifier: string, from: string): Implementation | undefined {
  const file = resolve(host, specifier, from);
  if (file === undefined) return undefined;
  const own = programOf(host.ts, file);
  const source = own.program.getSourceFile(file);
  const symbol = source && own.checker.getSymbolAtLocation(source);
  return symbol && { host: own, symbol };
}

/** Modules are resolved to what is loaded: `noDtsResolution` (the editor's "go to source definition") passes by declarations. */
const resolution = (ts: TypeScript): ts.CompilerOptions => ({
  allowJs: true,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noDtsResolution: true,
});

const isTypeScript = (file: string): boolean => /\.[cm]?tsx?$/.test(file);

function resolve(host: Host, specifier: string, from: string): string | undefined {
  const { ts } = host;
  const { sys } = ts;
  if (!sys) return undefined;
  const options = resolution(ts);
  const found = ts.resolveModuleName(specifier, from, options, {
    ...sys,
    fileExists: (f) => sys.fileExists(f),
    readFile: (f) => sys.readFile(f),
  }).resolvedModule;
  if (!found || isTypeScript(found.resolvedFileName)) return undefined;
  return moduleField(ts, found) ?? found.resolvedFileName;
}

/** Bundlers prefer the file of the field `module` where a package has no `exports`. */
function moduleField(ts: TypeScript, found: ts.ResolvedModuleFull): string | undefined {
  const name = found.packageId?.name;
  if (name === undefined) return undefined;
  const at = found.resolvedFileName.lastIndexOf(`/node_modules/${name}/`);
  if (at < 0) return undefined;
  const folder = found.resolvedFileName.slice(0, at + `/node_modules/${name}`.length);
  const manifest = ts.sys.readFile(`${folder}/package.json`);
  if (manifest === undefined) return undefined;
  try {
    const { module, exports, main } = JSON.parse(manifest) as Record<string, unknown>;
    const isMain = typeof main === 'string' && found.resolvedFileName.endsWith(main.replace(/^\.\//, ''));
    if (exports !== undefined || typeof module !== 'string' || !isMain) return undefined;
    const file = `${folder}/${module.replace(/^\.\//, '')}`;
    return ts.sys.fileExists(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

function programOf(ts: TypeScript, file: string): Host {
  let known = programs.get(ts);
  if (!known) programs.set(ts, (known = new Map()));
  const stamp = `${file}|${ts.sys.getModifiedTime?.(file)?.getTime() ?? ''}`;
  let own = known.get(stamp);
  if (own) return own;
  const program = ts.createProgram({
    rootNames: [file],
    options: {
      ...resolution(ts),
      noLib: true,
      types: [],
      maxNodeModuleJsDepth: 20,
      target: ts.ScriptTarget.ESNext,
    },
  });
  own = { ts, program, checker: program.getTypeChecker(), untyped: true };
  for (const f of program.getSourceFiles()) hosts.set(f, own);
  known.set(stamp, own);
  return own;
}
