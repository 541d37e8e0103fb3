// Runs random programs; see cli.ts for the options.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { load } from '../support/bundled.mjs';

// by default the engine of Node.js 20 compiles for longer than what it compiled runs, in a thread for each processor
if (Number.parseInt(process.versions.node, 10) < 22)
  for (const flag of ['--interrupt-budget=1000000', '--max-inlined-bytecode-size-cumulative=300'])
    setFlagsFromString(flag);
const { main } = await load('fuzz');
await main(dirname(fileURLToPath(import.meta.url)));
