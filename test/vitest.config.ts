import { vite as adjoint } from '@adjoint/unplugin';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const plugin = adjoint() as Plugin;
/** What has markers of its own, and what that imports. All else stays as it is, so that the project is not read for it. */
const COMPILED = [
  /\/(?:bench|examples|test\/packages)\//,
  /\/test\/unit\/(?:textbook|runtime\/(?:rules|tangents|testing)|sparse\/\w+)\.test\.ts$/,
];
const transform = { ...(plugin.transform as object), filter: { id: { include: COMPILED } } };

export default defineConfig({
  root: import.meta.dirname,
  plugins: [{ ...plugin, transform: transform as Plugin['transform'] }],
  test: {
    include: [
      'unit/**/*.test.ts',
      'fixtures/**/*.test.ts',
      'fuzz/**/*.test.ts',
      'metamorphic/**/*.test.ts',
      'e2e/**/*.test.ts',
      'docs/**/*.test.ts',
      'packages/**/*.test.ts',
    ],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
});
