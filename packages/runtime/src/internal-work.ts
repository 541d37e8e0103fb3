/** Length of the work array: 64 kB. */
const LENGTH = 2 ** 13;

/** What generated functions work in while they run. They call nothing of the user's, so that there is one of them at a time. */
export const workArray = new Float64Array(LENGTH);
