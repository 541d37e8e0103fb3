/** A campaign in several parts: its counts are kept in a file, for as long as what it tests stays the same. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Campaign } from './campaign.js';

/** What a thread or a whole part has come to. A tally that comes from elsewhere is its counts only. */
export interface Part {
  readonly campaign: Campaign;
  /** The first number that it has not come to. */
  readonly next: number;
}
/** What a part leaves to the next one: the counts of all so far. */
export interface Kept extends Part {
  /** Of the code that was tested. */
  readonly hash: string;
}

const TESTED = ['compiler', 'runtime', 'tape'];

/** The built compiler, runtime and tape: the generator and the checks may change while a campaign runs. */
export function hashOfTested(packages: string): string {
  const hash = createHash('sha256');
  for (const name of TESTED) {
    const dist = join(packages, name, 'dist');
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.js'));
    for (const file of files.sort()) hash.update(`${name}/${file}\n`).update(readFileSync(join(dist, file)));
  }
  return hash.digest('hex');
}

/** What earlier parts have left, or nothing where they tested other code. */
export function readKept(file: string, hash: string): Kept | undefined {
  if (!existsSync(file)) return undefined;
  const kept = deserialize(readFileSync(file)) as Kept;
  return kept.hash === hash ? kept : undefined;
}

/** A part may be cut off while it writes: the file is replaced as a whole. */
export function writeKept(file: string, kept: Kept): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, serialize(kept));
  renameSync(`${file}.new`, file);
}
