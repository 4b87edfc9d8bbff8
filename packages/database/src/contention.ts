/** Others kept getting in between; nothing was done, and the request may be repeated. */
export class Contended extends Error {
  override readonly name = 'Contended';
}

/** Codes of an error and of what lies beneath it, Prisma's, PostgreSQL's and the adapter's, wherever they stand. */
export const errorCodes = (error: unknown): string[] => {
  const codes: string[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
    const { code, originalCode, kind, cause, meta } = value as Record<string, unknown>;
    for (const found of [code, originalCode, kind]) if (typeof found === 'string') codes.push(found);
    visit(cause, depth + 1);
    visit((meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError, depth + 1);
  };
  visit(error, 0);
  return codes;
};
const MAX_DEPTH = 5;

/** Whether a row was refused for what it refers to by this constraint. */
export const missesReference = (error: unknown, constraint: string): boolean =>
  errorCodes(error).some((code) => ['23503', 'P2003', 'ForeignKeyConstraintViolation'].includes(code)) &&
  JSON.stringify(error).includes(constraint);

/** PostgreSQL ended a circle of waiting transactions by giving up this one's statement. */
export const isDeadlock = (error: unknown): boolean => errorCodes(error).includes('40P01');
