declare var console: { log(...values: unknown[]): void };
