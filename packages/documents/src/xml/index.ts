export { toCii } from './cii.ts';
export { toUbl } from './ubl.ts';
