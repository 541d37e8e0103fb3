/** What needs Node: snapshots in a file. */
export { type FileStore, type FileStoreOptions, fileStore } from './file-store.js';
