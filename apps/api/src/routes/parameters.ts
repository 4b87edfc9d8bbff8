import { sha256, uuid } from '@invoicepress/client';
import type { z } from 'zod';
import { pointers, RequestProblem } from '../problems.ts';

/** An id that is no UUID is answered like one that nobody has. */
export const invoiceNotFound = (): RequestProblem =>
  new RequestProblem('not-found', 'there is no such invoice, or it belongs to somebody else');

export const invoiceIdOf = (params: Record<string, unknown>): string => {
  const parsed = uuid.safeParse(params.id);
  if (!parsed.success) throw invoiceNotFound();
  return parsed.data;
};

export const templateNotFound = (): RequestProblem =>
  new RequestProblem('not-found', 'there is no such template or version, or it belongs to somebody else');

export const templateIdOf = ({ id }: Record<string, unknown>): string => {
  const parsed = uuid.safeParse(id);
  if (!parsed.success) throw templateNotFound();
  return parsed.data;
};

export const endpointNotFound = (): RequestProblem =>
  new RequestProblem('not-found', 'there is no such webhook endpoint, or it belongs to somebody else');
export const deliveryNotFound = (): RequestProblem =>
  new RequestProblem('not-found', 'there is no such delivery at this endpoint, or it belongs to somebody else');

export const endpointIdOf = ({ id }: Record<string, unknown>): string => {
  const parsed = uuid.safeParse(id);
  if (!parsed.success) throw endpointNotFound();
  return parsed.data;
};

export const deliveryIdOf = ({ deliveryId }: Record<string, unknown>): string => {
  const parsed = uuid.safeParse(deliveryId);
  if (!parsed.success) throw deliveryNotFound();
  return parsed.data;
};

export const profileNotFound = (): RequestProblem =>
  new RequestProblem('not-found', 'there is no such seller profile, or it belongs to somebody else');

export const profileIdOf = ({ id }: Record<string, unknown>): string => {
  const parsed = uuid.safeParse(id);
  if (!parsed.success) throw profileNotFound();
  return parsed.data;
};

export const logoNotFound = (): RequestProblem =>
  new RequestProblem('not-found', 'there is no such logo, or it belongs to somebody else');

export const logoHashOf = (params: Record<string, unknown>): string => {
  const parsed = sha256.safeParse(params.sha256);
  if (!parsed.success) throw logoNotFound();
  return parsed.data;
};

/** @throws {RequestProblem} naming each faulty parameter */
export const queryOf = <T extends z.ZodType>(schema: T, query: unknown): z.output<T> => {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  const errors = pointers(parsed.error).map((error) => ({ ...error, pointer: error.pointer.slice(1) }));
  throw new RequestProblem('invalid-parameter', 'see "errors" for each parameter', { errors });
};
