import { uuid } from '@invoicepress/client';
import { RequestProblem } from './problems.ts';

/** Opaque to clients: the id of the last row they have seen. */
export const toCursor = (id: string): string => Buffer.from(`1:${id}`).toString('base64url');

/** @throws {RequestProblem} it is none of ours */
export const fromCursor = (cursor: string): string => {
  const [version, id] = Buffer.from(cursor, 'base64url').toString('latin1').split(':');
  const parsed = uuid.safeParse(id);
  if (version !== '1' || !parsed.success) {
    throw new RequestProblem(
      'invalid-parameter',
      'the cursor is none of ours; take nextCursor as it is, or begin without one',
      {
        errors: [{ pointer: 'cursor', detail: 'is no cursor of ours' }],
      },
    );
  }
  return parsed.data;
};
