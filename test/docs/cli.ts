/** `npm run docs` writes the generated pages; `npm run support` prints the table of constructs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedPages, orphans } from './pages.js';
import { supportTable } from './support-page.js';
import { survey } from './survey.js';

export function main(root: string, command: string | undefined): void {
  if (command === 'support') {
    console.log(supportTable(survey(join(root, 'test'))));
    return;
  }
  for (const [path, text] of Object.entries(generatedPages(root))) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const path of orphans(root)) console.error(`${path}: there is no such code any more`);
}
