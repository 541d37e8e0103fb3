// The shape of the repository: who may import whom, what lies at the top, and what no file may contain.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Node, Project, SyntaxKind } from 'ts-morph';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const ignored = new Set(['node_modules', 'dist', '.git', '.adjoint', 'out', '.vite', '.cache']);

/** All files below a folder, relative to the root, with forward slashes. */
function filesBelow(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (ignored.has(entry.name)) return [];
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });
}

interface Import {
  readonly from: string;
  /** As written. */
  readonly name: string;
  /** A relative import, resolved: a path relative to the root; else `undefined`. */
  readonly path: string | undefined;
  /** Gone when the file is compiled. */
  readonly typeOnly: boolean;
}

const project = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true });

/** Imports of values and of types, re-exports, `import()`, `require()` and types written as `import('...')`. */
function importsOf(file: string): Import[] {
  const source = project.addSourceFileAtPath(join(root, file));
  const declared = [...source.getImportDeclarations(), ...source.getExportDeclarations()].map(
    (d) => [d.getModuleSpecifierValue(), d.isTypeOnly()] as const,
  );
  const called = source
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .filter((call) => /^(import|require)$/.test(call.getExpression().getText()))
    .map((call) => [textOf(call.getArguments()[0]), false] as const);
  const types = source
    .getDescendantsOfKind(SyntaxKind.ImportType)
    .map((type) => [textOf(type.getArgument().getFirstChild()), true] as const);
  return [...declared, ...called, ...types].flatMap(([name, typeOnly]) => {
    if (name === undefined) return [];
    const path = name.startsWith('.') ? relative(root, resolve(root, dirname(file), name)) : undefined;
    return [{ from: file, name, path: path?.split(sep).join('/'), typeOnly }];
  });
}
const textOf = (node: Node | undefined): string | undefined =>
  Node.isStringLiteral(node) ? node.getLiteralValue() : undefined;

const sources = (name: string) =>
  filesBelow(`packages/${name}/src`).filter((file) => /\.[cm]?tsx?$/.test(file));
const importsIn = (name: string) => sources(name).flatMap(importsOf);
const isOurs = (name: string) => /^(adjoint|@adjoint\/[\w-]+)(\/|$)/.test(name);
const show = (imports: readonly Import[]) => imports.map(({ from, name }) => `${from} imports ${name}`);
const packages = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
);

describe('packages', () => {
  test.each(packages)('%s: relative imports stay inside the package', (name) => {
    expect(
      show(
        importsIn(name).filter(({ path }) => path !== undefined && !path.startsWith(`packages/${name}/src/`)),
      ),
    ).toEqual([]);
  });

  test.each(packages)('%s: what is imported is declared', (name) => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
    const declared = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.devDependencies };
    const undeclared = importsIn(name).filter(({ name: from, path }) => {
      if (path !== undefined || from.startsWith('node:')) return false;
      return !(from.split('/', from.startsWith('@') ? 2 : 1).join('/') in declared);
    });
    expect(show(undeclared)).toEqual([]);
  });

  test.each(['runtime', 'tape', 'compiler'])('%s imports no other package of ours', (name) => {
    expect(show(importsIn(name).filter((i) => isOurs(i.name)))).toEqual([]);
  });

  test('linalg imports the runtime, and nothing else of ours', () => {
    expect(show(importsIn('linalg').filter((i) => isOurs(i.name) && i.name !== 'adjoint'))).toEqual([]);
  });

  test.each(['transformer', 'unplugin'])('%s imports the compiler, and nothing else of ours', (name) => {
    expect(show(importsIn(name).filter((i) => isOurs(i.name) && i.name !== '@adjoint/compiler'))).toEqual([]);
  });
});

describe('the compiler', () => {
  const phases = [
    '1-discover',
    '2-lower',
    '3-simplify',
    '4-analyse',
    '5-differentiate',
    '6-record',
    '7-emit',
  ];
  const leaves = ['ir', 'rules', 'diagnostics', 'host', 'library'];
  const beside = ['tape-backend'];
  /** The IR and its rules are one layer: rules are written on values, and the interpreter of the IR applies them. */
  const mayImport: Readonly<Record<string, readonly string[]>> = {
    host: ['host', 'ir'],
    library: ['library', 'host'],
    diagnostics: ['diagnostics', 'host'],
    ir: ['ir', 'rules', 'diagnostics', 'host'],
    rules: ['rules', 'ir', 'diagnostics', 'host'],
    /** An oracle: it shares with the pipeline how calls are found and names are made, and nothing of what it checks. */
    'tape-backend': ['tape-backend', '1-discover', 'diagnostics', 'host'],
    ...Object.fromEntries(phases.map((phase, n) => [phase, [...phases.slice(0, n + 1), ...leaves]])),
  };
  const folderOf = (path: string) => path.split('/')[3] ?? '';

  test('has no folders but these', () => {
    const folders = new Set(
      sources('compiler')
        .map(folderOf)
        .filter((name) => !name.includes('.')),
    );
    expect([...folders].filter((name) => ![...phases, ...leaves, ...beside].includes(name))).toEqual([]);
  });

  test.each([...phases, ...leaves, ...beside])('%s imports no later phase', (folder) => {
    const inside = importsIn('compiler').filter(
      ({ from, path }) => path !== undefined && folderOf(from) === folder,
    );
    expect(show(inside.filter(({ path }) => !mayImport[folder]!.includes(folderOf(path!))))).toEqual([]);
  });

  test('only src/host names TypeScript', () => {
    const direct = importsIn('compiler').filter(
      ({ name }) => name === 'typescript' || name.startsWith('typescript/'),
    );
    expect(show(direct.filter(({ from }) => folderOf(from) !== 'host'))).toEqual([]);
  });

  test('TypeScript is never loaded: it is handed in', () => {
    const loading = importsIn('compiler').filter(({ name, typeOnly }) => name === 'typescript' && !typeOnly);
    expect(show(loading)).toEqual([]);
  });
});

describe('the repository', () => {
  test('has nothing else at the top', () => {
    const allowed = [
      ...['packages', 'examples', 'test', 'bench', 'docs', 'node_modules'],
      ...[
        'package.json',
        'tsconfig.base.json',
        'pnpm-workspace.yaml',
        'pnpm-lock.yaml',
        'README.md',
        'LICENSE',
      ],
    ];
    expect(readdirSync(root).filter((name) => !name.startsWith('.') && !allowed.includes(name))).toEqual([]);
  });

  const texts = filesBelow('').map((file) => [file, readFileSync(join(root, file), 'latin1')] as const);

  test('no file names a folder of some machine', () => {
    const here = [root, `${homedir()}${sep}`].filter((path) => path.length > 2);
    const somewhere = /(?<![\w.~}-])\/(?:home|Users)\/[\w.-]+\/|\b[A-Z]:\\Users\\/;
    const found = texts.filter(
      ([, text]) => here.some((path) => text.includes(path)) || somewhere.test(text),
    );
    expect(found.map(([file]) => file)).toEqual([]);
  });

  test('the lock file names no registry', () => {
    const lock = texts.find(([file]) => file === 'pnpm-lock.yaml')?.[1] ?? '';
    expect(lock.match(/^.*(?:https?:|tarball:).*$/m)).toBeNull();
  });
});
