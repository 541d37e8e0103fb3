/** `true` if the two types are identical, `any` and modifiers included. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Fails to compile unless `T` is `true`. */
export declare function assert<T extends true>(): void;

/** Fails to compile unless the type of `value` is exactly `T`: `is<T>()(value)`. */
export declare function is<T>(): <U>(value: U & (Equal<T, U> extends true ? unknown : never)) => void;
