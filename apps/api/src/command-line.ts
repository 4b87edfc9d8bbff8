import { isDatabaseUnavailable } from '@invoicepress/database';
import { StorageError } from '@invoicepress/storage';

/** What was asked for cannot be done as it stands; the message says how it can, and the usage is shown with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Says on stderr why a command failed, and what to do about it. Storage says so itself, and the sockets below it fail with
 * the codes of those to the database.
 */
export const sayWhy = (program: string, error: unknown, usage: string): void => {
  const { message, code } = error as Error & { code?: string };
  if (error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS'))
    process.stderr.write(`${program}: ${message}\n\n${usage}`);
  else if (!(error instanceof StorageError) && isDatabaseUnavailable(error))
    process.stderr.write(
      `${program}: PostgreSQL cannot be used (${lastLineOf(message)}); check that it runs, and the URL's address and password\n`,
    );
  else process.stderr.write(`${program}: ${message}\n`);
};

/** Prisma's messages begin with the call that failed, and end with the reason. */
const lastLineOf = (message: string): string => message.trim().split('\n').at(-1) ?? '';
