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
  /** Where it is; may be larger. */
  readonly place: Place;
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
  private readonly file: OpenFile;
  private end = 0;
  private used = 0;
  /** Parts that are free: states of a loop have the same size as a rule. */
  private free: Place[] = [];
  private readonly abandoned = new FinalizationRegistry<Place>((place) => this.give(place));

  constructor(
    readonly directory: string,
    readonly system: FileSystem,
  ) {
    this.file = openNameless(directory, system);
    const { close } = this.file;
    unused.register(this, close, this);
  }

  save(arrays: readonly NumberArray[]): Ticket {
    this.checkOpen();
    const size = arrays.reduce((sum, x) => sum + x.byteLength, 0);
    const place = this.take(size);
    const sum = this.writeAll(arrays, place, size);
    const ticket = { offset: place.offset, size, sum, place };
    // an evaluation that throws half way drops nothing
    this.abandoned.register(ticket, place, ticket);
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
    this.give((ticket as Ticket).place);
  }
  close(): void {
    unused.unregister(this);
    this.file.close();
  }

  private take(size: number): Place {
    this.used++;
    const k = this.free.findIndex((place) => place.size >= size);
    if (k >= 0) return this.free.splice(k, 1)[0];
    const place = { offset: this.end, size };
    this.end += size;
    return place;
  }
  private give(place: Place): void {
    this.free.push(place);
    if (--this.used > 0) return;
    // nothing is kept: begin anew
    this.free = [];
    this.end = 0;
  }
  /** Gives the checksum. */
  private writeAll(arrays: readonly NumberArray[], place: Place, size: number): number {
    let at = place.offset;
    let sum = 0;
    try {
      for (const x of arrays) {
        const bytes = bytesOf(x);
        this.write(bytes, at, size);
        sum = crc32(bytes, sum);
        at += bytes.length;
      }
    } catch (error) {
      this.give(place);
      throw error;
    }
    return sum;
  }
  private write(bytes: Uint8Array, offset: number, size: number): void {
    for (let done = 0; done < bytes.length; ) {
      let written = 0;
      try {
        written = this.system.writeSync(this.file.number, bytes, done, bytes.length - done, offset + done);
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
      const length = this.system.readSync(this.file.number, bytes, done, bytes.length - done, offset + done);
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
    if (!this.file.isOpen()) throw new Error('adjoint: the store of snapshots is closed');
  }
}

interface OpenFile {
  readonly number: number;
  readonly isOpen: () => boolean;
  /** May be called again: the number may be that of another file by then. */
  readonly close: () => void;
}

/** A new file that has no name any more as soon as it is open. */
function openNameless(directory: string, system: FileSystem): OpenFile {
  const name = join(directory, `adjoint-${process.pid}-${Math.random().toString(36).slice(2)}.snapshots`);
  let number: number;
  try {
    number = system.openSync(name, 'wx+', 0o600);
  } catch (error) {
    throw new Error(`adjoint: no file for snapshots can be made in ${directory}`, { cause: error });
  }
  let isOpen = true;
  let remove: (() => void) | undefined;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    system.closeSync(number);
    if (remove === undefined) return;
    process.removeListener('exit', close);
    remove();
  };
  try {
    system.unlinkSync(name);
  } catch {
    // where an open file cannot be removed: when it is closed, or at the end of the process
    remove = () => system.unlinkSync(name);
    process.on('exit', close);
  }
  return { number, isOpen: () => isOpen, close };
}
