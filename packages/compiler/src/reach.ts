/** How generated code in one file reaches variables of other modules: by their own name, or by an added import. */
import type { Host, ts } from './host/ts.js';
import type { Names } from './7-emit/names.js';

export class Reach {
  private readonly imports = new Map<string, Map<string, string>>();
  private readonly known = new Map<ts.Symbol, string | undefined>();

  constructor(
    private readonly host: Host,
    private readonly file: ts.SourceFile,
    private readonly names: Names,
  ) {}

  /** The expression that reads a module-level variable from this file; `undefined` if its module does not export it. */
  readonly text = (symbol: ts.Symbol): string | undefined => {
    if (!this.known.has(symbol)) this.known.set(symbol, this.find(symbol));
    return this.known.get(symbol);
  };

  private find(symbol: ts.Symbol): string | undefined {
    const home = symbol.valueDeclaration?.getSourceFile();
    if (!home) return undefined;
    if (home === this.file) return symbol.name;
    if (this.host.program.isSourceFileDefaultLibrary(home)) return symbol.name;
    const { ts, checker } = this.host;
    const module = checker.getSymbolAtLocation(home);
    const exported = module && checker.getExportsOfModule(module).find((e) => (e.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(e) : e) === symbol);
    if (!exported) return undefined;
    const specifier = this.specifier(home);
    const of = this.imports.get(specifier) ?? new Map<string, string>();
    this.imports.set(specifier, of);
    const local = of.get(exported.name) ?? this.names.fresh(symbol.name);
    of.set(exported.name, local);
    return local;
  }

  /** The specifier by which this file imports the module already, or a relative path. */
  private specifier(home: ts.SourceFile): string {
    const { ts } = this.host;
    for (const s of this.file.statements)
      if (ts.isImportDeclaration(s) && ts.isStringLiteral(s.moduleSpecifier)) {
        const m = this.host.checker.getSymbolAtLocation(s.moduleSpecifier);
        if (m?.valueDeclaration === home) return s.moduleSpecifier.text;
      }
    const from = this.file.fileName.split('/').slice(0, -1);
    const to = home.fileName.split('/');
    let common = 0;
    while (common < from.length && from[common] === to[common]) common++;
    const up = from.length - common;
    const path = [...(up === 0 ? ['.'] : Array.from({ length: up }, () => '..')), ...to.slice(common)].join('/');
    return path.replace(/\.([cm]?)tsx?$/, '.$1js');
  }

  /** The names by which generated code reads outer variables. */
  used(): string[] {
    return [...this.known.values()].filter((t) => t !== undefined);
  }

  /** The added imports, as one line of text. */
  lines(): string {
    return [...this.imports]
      .map(([from, names]) => `import { ${[...names].map(([a, b]) => (a === b ? a : `${a} as ${b}`)).join(', ')} } from ${JSON.stringify(from)};`)
      .join(' ');
  }
}

/** All names that occur in a file: generated names keep clear of them. */
export function namesIn(host: Host, file: ts.SourceFile): Set<string> {
  const found = new Set<string>();
  const visit = (n: ts.Node): void => {
    if (host.ts.isIdentifier(n)) found.add(n.text);
    host.ts.forEachChild(n, visit);
  };
  visit(file);
  return found;
}

