// Scratch projects outside the workspace, and commands run in them.
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
export const root = fileURLToPath(new URL('../../', import.meta.url));
export const toyTransformer = fileURLToPath(new URL('./toy/transformer.mjs', import.meta.url));

export type Files = Readonly<Record<string, string | object>>;

export interface Outcome {
  readonly code: number | null;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

export interface Scratch {
  readonly dir: string;
  /** Writes files; an object becomes JSON. */
  write(files: Files): void;
  read(file: string): string;
  has(file: string): boolean;
  /** All files below `dir`, `node_modules` left out, sorted. */
  list(): string[];
  run(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Outcome>;
  node(...args: string[]): Promise<Outcome>;
  remove(): void;
}

export function makeScratch(files: Files = {}): Scratch {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'adjoint-test-')));
  const scratch: Scratch = {
    dir,
    write(more) {
      for (const [name, content] of Object.entries(more)) {
        mkdirSync(dirname(join(dir, name)), { recursive: true });
        writeFileSync(
          join(dir, name),
          typeof content === 'string' ? content : JSON.stringify(content, null, 2),
        );
      }
    },
    read: (file) => readFileSync(join(dir, file), 'utf8'),
    has: (file) => existsSync(join(dir, file)),
    list: () =>
      (readdirSync(dir, { recursive: true, encoding: 'utf8' }) as string[])
        .filter((name) => !name.startsWith('node_modules') && /\.\w+$/.test(name))
        .sort(),
    run: (command, args, env) => run(command, args, dir, env),
    node: (...args) => run(process.execPath, args, dir),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
  scratch.write(files);
  return scratch;
}

/** Runs a command to its end; never rejects because of its exit code. */
export function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    // Not what vitest and `npm test` set for themselves: the command must run as from a user's shell.
    const own =
      /^(VITEST|NODE_OPTIONS$|NODE_ENV$|FORCE_COLOR$|INIT_CWD$|npm_(?!config_)|npm_config_(local_)?prefix$)/;
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([key]) => !own.test(key)));
    const child = spawn(command, args, {
      cwd,
      env: { ...inherited, NO_COLOR: '1', ...env },
      shell: process.platform === 'win32',
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** `tspc` of the workspace's ts-patch and typescript. */
export function tspc(scratch: Scratch, ...args: string[]): Promise<Outcome> {
  return tspcWith({}, scratch, ...args);
}

export function tspcWith(env: NodeJS.ProcessEnv, scratch: Scratch, ...args: string[]): Promise<Outcome> {
  const tspcPath = require.resolve('ts-patch/bin/tspc.js');
  const typescript = dirname(require.resolve('typescript/package.json'));
  return run(process.execPath, [tspcPath, ...args], scratch.dir, {
    ...env,
    TSP_COMPILER_TS_PATH: typescript,
  });
}
