/** What the compiler gets wrong today, and random programs leave out for that reason. A repair turns its line to `true`. */
export const OPEN = {
  /** A number of the module is assigned: code after the assignment, the reverse sweep too, reads the new value for the old one. */
  assignedModuleNumbers: process.env.FUZZ_OPEN !== undefined,
  /** Check mode runs the plain function as well, but takes back what that does to captured objects only. */
  moduleStateInCheckMode: process.env.FUZZ_OPEN !== undefined,
} as const;
