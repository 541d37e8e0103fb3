/** Snapshots in a file: for loops whose states are many or large, where memory is short. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { bytesOf, type NumberArray, type SnapshotStore } from './internal-store.js';

export interface FileStoreOptions {
  /** Where the file is; the folder for temporary files if left out. */
  readonly directory?: string;
}
export interface FileStore extends SnapshotStore {
  /** Gives the space back. Without it that happens when the store is not used any more, and at the end of the process. */
  close(): void;
}

/** What is used of Node's file system. */
export type FileSystem = Pick<typeof fs, 'openSync' | 'closeSync' | 'unlinkSync' | 'readSync' | 'writeSync'>;

/** A part of the file. */
interface Place {
  readonly offset: number;
  readonly size: number;
}
interface Ticket extends Place {
  /** CRC-32 of the bytes. */
  readonly sum: number;
}

/**
 * A store for `checkpointed(n, { store })` that keeps typed arrays in one file. The file has no name: it is removed as soon as it is
 * open, so nothing is left behind by a process that is killed. What is read is checked.
 *
 * @throws Error if the file cannot be made
 */
export function fileStore(options: FileStoreOptions = {}): FileStore {
  return new OneFile(options.directory ?? tmpdir(), fs);
}

/** Closes the files of stores that are not used any more. */
const unused = new FinalizationRegistry<() => void>((close) => close());

export class OneFile implements FileStore {
  private readonly file: number;
  private end = 0;
  /** Parts that are free, by size: states of a loop have the same size as a rule. */
  private readonly free = new Map<number, number[]>();
  private readonly abandoned = new FinalizationRegistry<Place>((place) => this.give(place));
  private isClosed = false;

  constructor(
    readonly directory: string,
    readonly system: FileSystem,
  ) {
    this.file = openNameless(directory, system);
    const { file } = this;
    unused.register(this, () => system.closeSync(file), this);
  }

  save(arrays: readonly NumberArray[]): Ticket {
    this.checkOpen();
    const size = arrays.reduce((sum, x) => sum + x.byteLength, 0);
    const offset = this.free.get(size)?.pop() ?? this.end;
    if (offset === this.end) this.end += size;
    let at = offset;
    let sum = 0;
    for (const x of arrays) {
      const bytes = bytesOf(x);
      this.write(bytes, at, size);
      sum = crc32(bytes, sum);
      at += bytes.length;
    }
    const ticket = { offset, size, sum };
    // an evaluation that throws half way drops nothing
    this.abandoned.register(ticket, { offset, size }, ticket);
    return ticket;
  }
  load(ticket: unknown, arrays: readonly NumberArray[]): void {
    this.checkOpen();
    const { offset, size, sum } = ticket as Ticket;
    const wanted = arrays.reduce((n, x) => n + x.byteLength, 0);
    if (wanted !== size)
      throw new Error(`adjoint: a snapshot of ${size} bytes is read into arrays of ${wanted} bytes`);
    let at = offset;
    let found = 0;
    for (const x of arrays) {
      const bytes = bytesOf(x);
      const length = this.read(bytes, at);
      if (length < bytes.length)
        throw this.damaged(`${at - offset + length} of its ${size} bytes are in the file`);
      found = crc32(bytes, found);
      at += bytes.length;
    }
    if (found !== sum) throw this.damaged('its checksum is another one than when it was written');
  }
  drop(ticket: unknown): void {
    this.abandoned.unregister(ticket as Ticket);
    this.give(ticket as Ticket);
  }
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    unused.unregister(this);
    this.system.closeSync(this.file);
  }

  private give({ offset, size }: Place): void {
    const same = this.free.get(size);
    if (same) same.push(offset);
    else this.free.set(size, [offset]);
  }
  private write(bytes: Uint8Array, offset: number, size: number): void {
    for (let done = 0; done < bytes.length; ) {
      let written = 0;
      try {
        written = this.system.writeSync(this.file, bytes, done, bytes.length - done, offset + done);
      } catch (error) {
        throw this.unwritten(size, error);
      }
      if (written === 0) throw this.unwritten(size, undefined);
      done += written;
    }
  }
  /** How many bytes there are. */
  private read(bytes: Uint8Array, offset: number): number {
    let done = 0;
    while (done < bytes.length) {
      const length = this.system.readSync(this.file, bytes, done, bytes.length - done, offset + done);
      if (length === 0) break;
      done += length;
    }
    return done;
  }
  private unwritten(size: number, error: unknown): Error {
    const { code, message } = (error ?? {}) as { readonly code?: string; readonly message?: string };
    const isFull = error === undefined || code === 'ENOSPC' || code === 'EDQUOT';
    const why = isFull ? 'the disk is full' : (message ?? code);
    return new Error(
      `adjoint: no room for a snapshot of ${size} bytes in ${this.directory}, where ${this.end} bytes are in use or free for others: ${why}`,
      { cause: error },
    );
  }
  private damaged(why: string): Error {
    return new Error(`adjoint: a snapshot in ${this.directory} is damaged: ${why}`);
  }
  private checkOpen(): void {
    if (this.isClosed) throw new Error('adjoint: the store of snapshots is closed');
  }
}

/** A new file that has no name any more as soon as it is open. */
function openNameless(directory: string, system: FileSystem): number {
  const name = join(directory, `adjoint-${process.pid}-${Math.random().toString(36).slice(2)}.snapshots`);
  let file: number;
  try {
    file = system.openSync(name, 'wx+', 0o600);
  } catch (error) {
    throw new Error(`adjoint: no file for snapshots can be made in ${directory}`, { cause: error });
  }
  try {
    system.unlinkSync(name);
  } catch {
    // where an open file cannot be removed: at the end of the process
    process.on('exit', () => removeClosed(file, name, system));
  }
  return file;
}
function removeClosed(file: number, name: string, system: FileSystem): void {
  for (const step of [() => system.closeSync(file), () => system.unlinkSync(name)]) {
    try {
      step();
    } catch {
      // closed already, or gone
    }
  }
}
