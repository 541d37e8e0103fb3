/** Which files were compiled from the bodies of which others. Paths have forward slashes. */
export class Dependents {
  readonly #dependencies = new Map<string, ReadonlySet<string>>();

  set(file: string, dependencies: readonly string[]): void {
    this.#dependencies.set(normalise(file), new Set(dependencies.map(normalise)));
  }

  /** The files whose compiled text depends on the body of `file`. */
  of(file: string): string[] {
    const changed = normalise(file);
    return [...this.#dependencies].filter(([, read]) => read.has(changed)).map(([dependent]) => dependent);
  }
}

function normalise(file: string): string {
  return file.replaceAll('\\', '/');
}
