import { uuid } from '@invoicepress/client';
import { RequestProblem } from '../problems.ts';

/** An id that is no UUID is answered like one that nobody has. */
export const invoiceNotFound = (): RequestProblem =>
  new RequestProblem('not-found', 'there is no such invoice, or it belongs to somebody else');

export const invoiceIdOf = (params: Record<string, unknown>): string => {
  const parsed = uuid.safeParse(params.id);
  if (!parsed.success) throw invoiceNotFound();
  return parsed.data;
};
