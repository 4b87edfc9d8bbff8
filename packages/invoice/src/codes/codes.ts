/** A code list, written as text. */
export const codes = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));
