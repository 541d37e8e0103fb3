import { vite as adjoint } from '@adjoint/unplugin';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [adjoint()],
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
