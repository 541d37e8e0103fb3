// Snapshots in a file: the same gradient, nothing left behind, and clear errors for a damaged file and a full disk.
import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FileSystem, OneFile } from '../../../packages/runtime/dist/file-store.js';
import type { SnapshotStore } from '../../../packages/runtime/dist/index.js';
import { MemoryStore } from '../../../packages/runtime/dist/internal-store.js';
import { fileStore } from '../../../packages/runtime/dist/node.js';
import { compileSources, loadModules } from '../../support/compile.js';
import { drive } from './drive-steps.js';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'adjoint-store-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const left = (): readonly string[] => fs.readdirSync(folder);

/** Node's files, with some functions replaced. */
const withFiles = (changed: Partial<FileSystem>): OneFile => new OneFile(folder, { ...fs, ...changed });

describe('a file', () => {
  test('gives back what it got, in parts that are used again', () => {
    const store = fileStore({ directory: folder });
    const x = Float64Array.of(1, 2, 3);
    const y = Int32Array.of(4, 5);
    const first = store.save([x, y]);
    const second = store.save([x.fill(7), y.fill(8)]);
    store.load(first, [x, y]);
    expect([...x, ...y]).toEqual([1, 2, 3, 4, 5]);
    store.load(second, [x, y]);
    expect([...x, ...y]).toEqual([7, 7, 7, 8, 8]);
    store.drop(first);
    expect(store.save([x.fill(9), y])).toMatchObject({ offset: 0, size: 32 });
    store.load(second, [x, y]);
    expect([...x]).toEqual([7, 7, 7]);
    store.close();
    store.close();
    expect(() => store.save([x])).toThrow('the store of snapshots is closed');
  });
  test('arrays that grow take the place of what is not needed any more', () => {
    const store = fileStore({ directory: folder });
    const offset = (length: number): number => {
      const ticket = store.save([new Float64Array(length)]);
      store.drop(ticket);
      return (ticket as { readonly offset: number }).offset;
    };
    // nothing else is kept
    for (let length = 0; length < 50; length++) expect(offset(length)).toBe(0);
    const kept = store.save([new Float64Array(10)]);
    expect(offset(20)).toBe(80);
    // in the place of the longer one
    expect(offset(15)).toBe(80);
    expect(offset(21)).toBe(240);
    store.drop(kept);
    store.close();
  });
  test('of views', () => {
    const store = fileStore();
    const buffer = Float64Array.of(0, 1, 2, 3);
    const ticket = store.save([buffer.subarray(1, 3)]);
    buffer.fill(9);
    store.load(ticket, [buffer.subarray(1, 3)]);
    expect([...buffer]).toEqual([9, 1, 2, 9]);
    store.close();
  });
  test('serves a loop as memory does', () => {
    const field = new Float64Array(20);
    const states: number[][] = [];
    for (const store of [new MemoryStore(), fileStore({ directory: folder })])
      drive({
        steps: 60,
        limits: { snapshots: 4 },
        objects: [field.fill(1)],
        store,
        step: (t) => {
          states[t] ??= [...field];
          expect([...field]).toEqual(states[t]);
          field[t % 20] += t;
        },
      });
  });
  test('is not there for others', () => {
    const store = fileStore({ directory: folder });
    store.save([new Float64Array(10)]);
    expect(left()).toEqual([]);
    store.close();
  });
});

describe('what is wrong is told', () => {
  test('a folder that is not there', () => {
    expect(() => fileStore({ directory: join(folder, 'none') })).toThrow('no file for snapshots can be made');
  });
  test('bytes that changed', () => {
    const store = withFiles({
      readSync: ((...args: Parameters<typeof fs.readSync>) => {
        const length = fs.readSync(...args);
        (args[1] as Uint8Array)[3] ^= 1;
        return length;
      }) as typeof fs.readSync,
    });
    const ticket = store.save([Float64Array.of(1, 2)]);
    expect(() => store.load(ticket, [new Float64Array(2)])).toThrow(
      'is damaged: its checksum is another one than when it was written',
    );
  });
  test('bytes that are missing', () => {
    let file = -1;
    const store = withFiles({
      openSync: ((...args: Parameters<typeof fs.openSync>) => {
        file = fs.openSync(...args);
        return file;
      }) as typeof fs.openSync,
    });
    const ticket = store.save([Float64Array.of(1, 2), Float64Array.of(3)]);
    fs.ftruncateSync(file, 20);
    expect(() => store.load(ticket, [new Float64Array(2), new Float64Array(1)])).toThrow(
      'is damaged: 20 of its 24 bytes are in the file',
    );
  });
  test('arrays of another length', () => {
    const store = fileStore();
    const ticket = store.save([new Float64Array(2)]);
    expect(() => store.load(ticket, [new Float64Array(3)])).toThrow(
      'a snapshot of 16 bytes is read into arrays of 24 bytes',
    );
  });
  test('a full disk', () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const broken = Object.assign(new Error('input/output error'), { code: 'EIO' });
    const failing = (error: Error): OneFile =>
      withFiles({
        writeSync: (() => {
          throw error;
        }) as unknown as typeof fs.writeSync,
      });
    const x = [new Float64Array(4)];
    expect(() => failing(full).save(x)).toThrow(/no room for a snapshot of 32 bytes in .*the disk is full/);
    expect(() => failing(broken).save(x)).toThrow(/input\/output error/);
    const none = withFiles({ writeSync: (() => 0) as unknown as typeof fs.writeSync });
    expect(() => none.save(x)).toThrow('the disk is full');
  });
  test('writing in pieces is no error', () => {
    const store = withFiles({
      writeSync: ((fd: number, bytes: Uint8Array, from: number, length: number, at: number) =>
        fs.writeSync(fd, bytes, from, Math.min(length, 5), at)) as typeof fs.writeSync,
    });
    const x = Float64Array.of(1, 2, 3);
    const ticket = store.save([x]);
    store.load(ticket, [x.fill(0)]);
    expect([...x]).toEqual([1, 2, 3]);
  });
});

test('where an open file cannot be removed, it goes when it is closed, or at the end of the process', () => {
  const before = process.listeners('exit');
  const added = (): (() => void)[] =>
    process.listeners('exit').filter((f) => !before.includes(f)) as (() => void)[];
  for (const end of [(store: OneFile) => store.close(), () => added()[0]()]) {
    let isBusy = true;
    const store = withFiles({
      unlinkSync: (name) => {
        if (isBusy) throw new Error('busy');
        fs.unlinkSync(name);
      },
    });
    store.save([new Float64Array(4)]);
    expect(left()).toHaveLength(1);
    expect(added()).toHaveLength(1);
    isBusy = false;
    end(store);
    expect(left()).toEqual([]);
    expect(added()).toEqual([]);
  }
});

test.skipIf(process.platform === 'win32')('a process that is killed leaves no file behind', async () => {
  const entry = fileURLToPath(new URL('../../../packages/runtime/dist/node.js', import.meta.url));
  const script = `
    import { fileStore } from ${JSON.stringify(entry)};
    const store = fileStore({ directory: ${JSON.stringify(folder)} });
    for (let k = 0; k < 10; k++) store.save([new Float64Array(1000).fill(k)]);
    console.log('half way');
    setInterval(() => store.save([new Float64Array(1000)]), 1);`;
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', script]);
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', () => reject(new Error('it ended too soon')));
  });
  const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  expect(left()).toEqual([]);
});

test('compiled programs: the same gradient with each store, given in each way', async () => {
  const source = `
    import { checkpointed, gradInto, grad, vjp, type SnapshotStore } from 'adjoint';
    const kept = new Map<number, number[][]>();
    let count = 0;
    const own: SnapshotStore = {
      save(arrays) {
        kept.set(++count, arrays.map((x) => [...x]));
        return count;
      },
      load(ticket, arrays) {
        arrays.forEach((x, k) => x.set(kept.get(ticket as number)![k]));
      },
      drop(ticket) {
        kept.delete(ticket as number);
      },
    };
    export const used = () => [count, kept.size];
    function rods(u: Float64Array, n: number, options: { store?: SnapshotStore }): number {
      const { store } = options;
      for (const t of checkpointed(n, { snapshots: 3, store }))
        for (let i = 1; i < u.length; i++) u[i] += 0.1 * Math.sin(u[i - 1] * (t % 3));
      return u[u.length - 1];
    }
    export const byOption = grad(rods);
    export const plain = grad((u: Float64Array, n: number) => {
      for (let t = 0; t < n; t++)
        for (let i = 1; i < u.length; i++) u[i] += 0.1 * Math.sin(u[i - 1] * (t % 3));
      return u[u.length - 1];
    });
    export const byName = grad((u: Float64Array, n: number) => {
      for (const t of checkpointed(n, { snapshots: 3, store: own }))
        for (let i = 1; i < u.length; i++) u[i] += 0.1 * Math.sin(u[i - 1] * (t % 3));
      return u[u.length - 1];
    });
    export const byArgument = (store: SnapshotStore) =>
      grad((u: Float64Array, n: number) => {
        for (const t of checkpointed(undefined, { store, memory: '1KB' })) {
          if (t >= n) break;
          for (let i = 1; i < u.length; i++) u[i] += 0.1 * Math.sin(u[i - 1] * (t % 3));
        }
        return u[u.length - 1];
      });
    export const twice = vjp((u: Float64Array) => {
      for (const t of checkpointed(30, { snapshots: 3, store: own }))
        for (let i = 1; i < u.length; i++) u[i] += 0.1 * Math.sin(u[i - 1] * (t % 3));
      return u[u.length - 1];
    });`;
  const compiled = compileSources({ 'main.ts': source });
  expect(compiled.diagnostics).toEqual([]);
  type Gradient = (u: Float64Array, n: number, options?: { store?: SnapshotStore }) => Float64Array;
  const m = (await loadModules(compiled.outputs, 'main.ts')) as unknown as {
    used(): [number, number];
    byOption: Gradient;
    plain: Gradient;
    byName: Gradient;
    byArgument(store: SnapshotStore): Gradient;
    twice(u: Float64Array): [number, (seed: number) => [Float64Array]];
  };
  const u = (): Float64Array => Float64Array.of(0.5, 0.2, 0.1, -0.3);
  const expected = m.plain(u(), 30);
  const store = fileStore({ directory: folder });
  expect(m.byOption(u(), 30, {})).toEqual(expected);
  expect(m.byOption(u(), 30, { store })).toEqual(expected);
  expect(m.byName(u(), 30)).toEqual(expected);
  expect(m.used()[0]).toBeGreaterThan(10);
  expect(m.used()[1]).toBe(0);
  expect(m.byArgument(store)(u(), 30)).toEqual(expected);
  const [, pullback] = m.twice(u());
  expect(pullback(1)).toEqual([expected]);
  expect(pullback(-2)).toEqual([expected.map((g) => -2 * g)]);
});
