/** Names, with what to do when there is a new one. */
export class NotedSet extends Set<string> {
  constructor(readonly note: () => void) {
    super();
  }
  override add(name: string): this {
    if (!this.has(name)) {
      super.add(name);
      this.note();
    }
    return this;
  }
}
