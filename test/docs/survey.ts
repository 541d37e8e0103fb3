/** What the fixtures and the refused programs are about, read from their text with ts-morph: nothing is run. */
import { join } from 'node:path';
import { Node, Project, type SourceFile, SyntaxKind } from 'ts-morph';
import { SECTIONS, VARIANTS } from '../fixtures/rows.js';
import { findFixtures } from '../support/fixture.js';
import { SYNTAX, syntaxOf } from './syntax.js';

export interface Covered {
  readonly fixture: string;
  /** The function of the fixture; empty for a refused program. */
  readonly fn: string;
  readonly row: string;
  /** Undefined: the plain form. */
  readonly variant: string | undefined;
}
export interface Surveyed {
  readonly id: string;
  readonly covers: readonly Covered[];
  /** Markers called in the text, one entry for each call. */
  readonly markers: readonly string[];
  /** What of `SYNTAX` occurs in it. */
  readonly syntax: ReadonlySet<string>;
  /** What is wrong with the exports, in words. */
  readonly problems: readonly string[];
}
export interface Survey {
  readonly fixtures: readonly Surveyed[];
  readonly refused: readonly Surveyed[];
}

const ROWS = new Set(SECTIONS.flatMap(({ rows }) => Object.keys(rows)));
/** Exports that say something about the fixture, and are not part of it. */
const ABOUT = new Set(['cases', 'calls', 'covers']);
const MARKERS = new Set(['grad', 'valueAndGrad', 'gradInto', 'vjp', 'jvp', 'stopGradient']);

/** Surveys `fixtures` and `errors` below the folder of all tests. */
export function survey(tests: string): Survey {
  const project = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true });
  const below = (folder: string) =>
    findFixtures(join(tests, folder)).map(({ id, sources }) => {
      const files = Object.entries(sources).filter(([name]) => !name.endsWith('.d.ts'));
      const parsed = files.map(([name, text]) => project.createSourceFile(`/${folder}/${id}/${name}`, text));
      return new FixtureText(id, parsed).surveyed(folder === 'fixtures');
    });
  return { fixtures: below('fixtures'), refused: below('errors') };
}

class FixtureText {
  private readonly input: SourceFile;
  private readonly problems: string[] = [];

  constructor(
    private readonly id: string,
    private readonly files: readonly SourceFile[],
  ) {
    this.input = files.find((file) => file.getBaseName() === 'input.ts')!;
  }

  surveyed(hasCases: boolean): Surveyed {
    const covers = this.covers();
    if (hasCases) this.checkFunctions(new Set(covers.map(({ fn }) => fn)));
    return {
      id: this.id,
      covers,
      markers: this.files.flatMap(markerCalls),
      syntax: new Set(this.files.flatMap(executableSyntax)),
      problems: this.problems,
    };
  }

  private covers(): Covered[] {
    const value = this.value('covers');
    if (value === undefined) this.problems.push('no export `covers` says which rows of rows.ts it is about');
    if (Node.isStringLiteral(value)) return this.entries('', value.getLiteralText());
    return properties(value).flatMap(([fn, text]) => {
      if (Node.isStringLiteral(text)) return this.entries(fn, text.getLiteralText());
      this.problems.push(`\`covers.${fn}\` is not a string literal`);
      return [];
    });
  }

  private entries(fn: string, text: string): Covered[] {
    return text.split(', ').map((entry) => {
      const [row, variant] = entry.split('/');
      if (!ROWS.has(row)) this.problems.push(`\`${row}\` is not in rows.ts`);
      if (variant !== undefined && !(variant in VARIANTS))
        this.problems.push(`\`${variant}\` is not a variant of rows.ts`);
      return { fixture: this.id, fn, row, variant };
    });
  }

  /** Each function with cases says what it covers, and each exported function has cases. */
  private checkFunctions(covering: ReadonlySet<string>): void {
    const cases = this.value('cases');
    const run = new Set(
      Node.isArrayLiteralExpression(cases)
        ? ['f']
        : [...properties(cases), ...properties(this.value('calls'))].map(([fn]) => fn),
    );
    for (const fn of run)
      if (!covering.has(fn)) this.problems.push(`\`covers\` says nothing about \`${fn}\``);
    for (const fn of covering) if (!run.has(fn)) this.problems.push(`\`${fn}\` has no cases`);
    const others = this.files.filter((file) => file !== this.input);
    const needed = new Set(
      others.flatMap((file) =>
        file
          .getImportDeclarations()
          .flatMap((i) => i.getNamedImports())
          .map((n) => n.getName()),
      ),
    );
    for (const fn of this.input.getFunctions().filter((f) => f.isExported())) {
      const name = fn.getName() ?? '';
      if (!run.has(name) && !needed.has(name))
        this.problems.push(`\`${name}\` is exported, but no case runs it`);
    }
  }

  private value(name: string): Node | undefined {
    return this.input.getVariableDeclaration(name)?.getInitializer();
  }
}

function properties(node: Node | undefined): [string, Node | undefined][] {
  if (!Node.isObjectLiteralExpression(node)) return [];
  return node
    .getProperties()
    .filter(Node.isPropertyAssignment)
    .map((p) => [p.getName(), p.getInitializer()]);
}

/** Calls of what is imported from `adjoint`, under whatever name. */
function markerCalls(file: SourceFile): string[] {
  const byName = new Map<string, string>();
  const namespaces = new Set<string>();
  for (const declaration of file.getImportDeclarations()) {
    if (declaration.getModuleSpecifierValue() !== 'adjoint') continue;
    const namespace = declaration.getNamespaceImport();
    if (namespace) namespaces.add(namespace.getText());
    for (const named of declaration.getNamedImports())
      byName.set(named.getAliasNode()?.getText() ?? named.getName(), named.getName());
  }
  return file.getDescendantsOfKind(SyntaxKind.CallExpression).flatMap((call) => {
    const callee = call.getExpression();
    const name =
      Node.isPropertyAccessExpression(callee) && namespaces.has(callee.getExpression().getText())
        ? callee.getName()
        : byName.get(callee.getText());
    return name !== undefined && MARKERS.has(name) ? [name] : [];
  });
}

/** What of `SYNTAX` occurs, but for the exports that only describe the fixture. */
function executableSyntax(file: SourceFile): string[] {
  const own = file.getStatements().filter((s) => {
    if (Node.isVariableStatement(s)) return !s.getDeclarations().some((d) => ABOUT.has(d.getName()));
    return !Node.isImportDeclaration(s);
  });
  return own
    .flatMap((s) => [s as Node, ...s.getDescendants()])
    .map(syntaxOf)
    .filter((name) => SYNTAX.has(name));
}
