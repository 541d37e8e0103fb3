import { statSync } from 'node:fs';
import type ts from 'typescript';

interface Version {
  /** Modification time, change time and size: the file is read again when they change. */
  readonly stamp: string;
  readonly text: string;
  /** Grows only when the text changes. */
  readonly number: number;
}

/** The text of files on disk with versions, so that an edit to any file of a project is seen at the next question. */
export class SourceFiles {
  readonly #ts: typeof ts;
  readonly #versions = new Map<string, Version>();

  constructor(tsApi: typeof ts) {
    this.#ts = tsApi;
  }

  /** Text that the bundler has for a file, where other plugins came first; it counts until the file is edited. */
  setText(file: string, text: string): void {
    this.#store(file, stampOf(file) ?? '', text);
  }

  /** `undefined` if there is no such file. */
  read(file: string): { readonly text: string; readonly version: string } | undefined {
    const stamp = stampOf(file);
    const known = this.#versions.get(file);
    if (known !== undefined && known.stamp === (stamp ?? ''))
      return { text: known.text, version: `${known.number}` };
    const text = stamp === undefined ? undefined : this.#ts.sys.readFile(file);
    if (text === undefined || stamp === undefined) return undefined;
    return { text, version: `${this.#store(file, stamp, text).number}` };
  }

  /** True if `file` is not as it was when it was last read. */
  isEdited(file: string): boolean {
    const known = this.#versions.get(file);
    return known !== undefined && known.stamp !== (stampOf(file) ?? '');
  }

  #store(file: string, stamp: string, text: string): Version {
    const known = this.#versions.get(file);
    const number = (known?.number ?? 0) + (known?.text === text ? 0 : 1);
    const version = { stamp, text, number };
    this.#versions.set(file, version);
    return version;
  }
}

function stampOf(file: string): string | undefined {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat?.isFile() ? `${stat.mtimeNs} ${stat.ctimeNs} ${stat.size}` : undefined;
}
