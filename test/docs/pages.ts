/** All pages of docs/ that are generated, wholly or in part. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { diagnosticPages, type Pages } from './diagnostic-pages.js';
import { supportPage } from './support-page.js';
import { survey } from './survey.js';

export function generatedPages(root: string): Pages {
  return { ...diagnosticPages(root), 'docs/support.md': supportPage(survey(join(root, 'test'))) };
}

/** Pages about codes that are not in the catalogue. */
export function orphans(root: string): string[] {
  const pages = diagnosticPages(root);
  return readdirSync(join(root, 'docs', 'diagnostics'))
    .map((name) => `docs/diagnostics/${name}`)
    .filter((path) => !(path in pages));
}
