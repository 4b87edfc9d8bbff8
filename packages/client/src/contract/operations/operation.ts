import type { z } from 'zod';
import type { Scope } from '../token.ts';

/** One operation of the API, as the server routes it, the document describes it and the client calls it. */
export interface Operation {
  method: 'get' | 'post' | 'patch' | 'delete';
  /** With `{parameters}`. */
  path: string;
  summary: string;
  description?: string;
  /** What the token must allow; absent where no token is needed. */
  scope?: Scope;
  /** Honours an Idempotency-Key, as every POST does that changes something. */
  idempotent?: true;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The body may be left out; then it is `{}`. */
  optionalBody?: true;
  form?: z.ZodType;
  answer: { status: number; schema: z.ZodType; description: string };
  /** The media types of an answer that is a file; its schema is then of what comes while the file is made. */
  files?: readonly string[];
  /** What comes instead where a client accepts text/event-stream. */
  stream?: string;
  /** Further answers that are no error. */
  also?: Record<number, string>;
  /** The problems that its caller should expect, by status. */
  problems: Record<number, string>;
}

/** What every operation with a token may answer. */
export const unauthenticated = {
  401: 'no valid token',
  403: 'the token lacks the scope',
  429: 'too many requests; see Retry-After',
};
/** Of operations that hand in invoices. */
export const quotas = {
  403: 'the token lacks the scope, or the documents of the tenant take as many bytes as they may',
  429: 'too many requests, or the invoices of the day are used up; see Retry-After',
};
export const unknownInvoice = { 404: 'no such invoice' };
export const malformedKey = { 400: 'the Idempotency-Key is malformed' };
export const twin = 'the first request with this Idempotency-Key is still being answered; see Retry-After';
