// Tries programs that are no fixtures yet; see cli.ts for the options.
import { load } from '../support/bundled.mjs';

const { main } = await load('try');
process.exitCode = await main(process.argv.slice(2));
