/** Under this key generated code of check mode says how it is bound to the user's function. */
export const CHECKED = Symbol.for('adjoint.checked');
