/** Options of the compiler, as the plugins take them. */
export interface CompilerOptions {
  /** Emit code that checks itself while it runs (slow; for tests and for reports). */
  readonly check?: boolean;
  /** Print the IR after the pass of this name (`all` for every pass). */
  readonly dump?: string;
}

const KNOWN = { check: 'boolean', dump: 'string' } as const;

/** Reads options from a configuration file; each unknown name or wrong type is one message that names it. */
export function validateOptions(raw: unknown): { options: CompilerOptions; errors: string[] } {
  if (raw === undefined || raw === null) return { options: {}, errors: [] };
  if (typeof raw !== 'object')
    return { options: {}, errors: [`the options must be an object, not a ${typeof raw}`] };
  const errors: string[] = [];
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    const want = KNOWN[name as keyof typeof KNOWN];
    if (want === undefined)
      errors.push(`unknown option \`${name}\`; known are ${Object.keys(KNOWN).join(', ')}`);
    else if (typeof value !== want) errors.push(`option \`${name}\` must be a ${want}`);
    else options[name] = value;
  }
  return { options, errors };
}
