// Runs random programs; see cli.ts for the options.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from '../support/bundled.mjs';

const { main } = await load('fuzz');
await main(dirname(fileURLToPath(import.meta.url)));
