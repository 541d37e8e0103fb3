// Generates the documentation; see cli.ts for the commands.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from '../support/bundled.mjs';

const { main } = await load('docs');
main(join(dirname(fileURLToPath(import.meta.url)), '..', '..'), process.argv[2]);
