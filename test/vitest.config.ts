import { vite as adjoint } from '@adjoint/unplugin';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const plugin = adjoint() as Plugin;
/** What has markers of its own, and what that imports. All else stays as it is, so that the project is not read for it. */
const COMPILED = [
  /\/(?:bench|examples|test\/packages)\//,
  /\/test\/unit\/(?:textbook|runtime\/(?:rules|tangents|testing)|sparse\/\w+)\.test\.ts$/,
];
const transform = { ...(plugin.transform as object), filter: { id: { include: COMPILED } } };

const inFolders = (...folders: string[]) => folders.map((folder) => `${folder}/**/*.test.ts`);

/** Files that take longest, so that none of them is left for the end, where a worker would be idle. */
const LONG = [
  'fixtures',
  'transformer',
  'consumer',
  'fuzz',
  'second-order',
  'vector-mode',
  'cheap-forms',
  'hostile',
];
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const k = LONG.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return k < 0 ? LONG.length : k;
    };
    return files.sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [{ ...plugin, transform: transform as Plugin['transform'] }],
  test: {
    // files of the first kind leave nothing behind that others could notice: they share what they import
    projects: [
      {
        extends: true,
        test: { name: 'parts', include: inFolders('unit', 'docs', 'packages'), isolate: false },
      },
      {
        extends: true,
        test: { name: 'programs', include: inFolders('fixtures', 'fuzz', 'metamorphic', 'e2e') },
      },
    ],
    sequence: { sequencer: LongFirst },
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
});
