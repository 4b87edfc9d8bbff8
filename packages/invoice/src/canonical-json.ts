/**
 * JSON in one canonical form, whichever way the value was stored: names sorted by code unit, no white space (RFC 8785),
 * and a line break at the end. For values whose numbers are whole: amounts are strings, so nothing depends on how a
 * float is printed.
 */
export const canonicalJson = (value: unknown): string => `${JSON.stringify(value, sorted)}\n`;

const sorted = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;
