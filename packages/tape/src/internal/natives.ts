/** The language's own functions, by identity: what a call of each does where variables may be among its operands. */
type Self = any;
type Arguments = any[];
export type Native = (self: Self, args: Arguments) => unknown;

const natives = new Map<unknown, Native>();
export const nativeOf = (f: unknown): Native | undefined => natives.get(f);

/** Defines what the methods of an object do; names that this engine does not have are passed over. */
export function define(owner: any, names: string, make: (f: any, name: string) => Native): void {
  for (const name of names.split(' ')) {
    const f = owner?.[name];
    if (typeof f === 'function') natives.set(f, make(f, name));
  }
}
export const defineOne = (f: unknown, native: Native): void => {
  if (f !== undefined) natives.set(f, native);
};

/** Functions that only move values: variables are moved like numbers. */
export const moves =
  (f: any): Native =>
  (self, args) =>
    f.apply(self, args);
