import { issuesOf, type Problem } from '@invoicepress/client';
import { TransitionRefused, type Violation } from '@invoicepress/invoice';
import { CreditTaken, isDatabaseUnavailable, PayloadLocked } from '@invoicepress/database';
import { StorageError } from '@invoicepress/storage';
import { z } from 'zod';

/** Every kind of problem there is; each has a page in docs/problems. */
export const problemTypes = {
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  'invalid-parameter': { status: 400, title: 'A parameter is invalid' },
  'invalid-grant-request': { status: 400, title: 'Not a client-credentials request' },
  unauthenticated: { status: 401, title: 'No valid token' },
  'invalid-client': { status: 401, title: 'Unknown client or wrong secret' },
  'missing-scope': { status: 403, title: 'The token does not allow this' },
  'missing-role': { status: 403, title: 'Your role does not allow this' },
  'cross-site-request': { status: 403, title: 'This did not come from our pages' },
  'storage-quota-used-up': { status: 403, title: 'There is no room for more documents' },
  'invalid-link': { status: 403, title: 'The link cannot be used' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'number-taken': { status: 409, title: 'The invoice number is taken' },
  'external-id-taken': { status: 409, title: 'The externalId is taken' },
  'not-creditable': { status: 409, title: 'This cannot be credited' },
  'exceeds-creditable': { status: 409, title: 'More than is left to be credited' },
  'too-many-credit-notes': { status: 409, title: 'There are as many credit notes over this invoice as there may be' },
  'export-status': { status: 409, title: 'The export is in another status' },
  'too-many-exports': { status: 409, title: 'There are as many unfinished exports as there may be' },
  'series-taken': { status: 409, title: 'A number series of this name exists' },
  'profile-taken': { status: 409, title: 'A seller profile of this name exists' },
  'too-many-profiles': { status: 409, title: 'There are as many seller profiles as there may be' },
  'too-many-logos': { status: 409, title: 'There are as many logos as there may be' },
  'logo-in-use': { status: 409, title: 'The logo is in use' },
  'too-many-endpoints': { status: 409, title: 'There are as many webhook endpoints as there may be' },
  'template-taken': { status: 409, title: 'A template of this name exists' },
  'template-unusable': { status: 409, title: 'The template cannot be used' },
  'too-many-templates': { status: 409, title: 'There are as many templates as there may be' },
  'too-many-previews': { status: 409, title: 'As many previews wait as may' },
  'endpoint-disabled': { status: 409, title: 'The webhook endpoint is disabled' },
  'wrong-status': { status: 409, title: 'The invoice is in another status' },
  'request-in-progress': { status: 409, title: 'The same request is being answered' },
  'payload-destroyed': { status: 410, title: 'The content of the invoice was destroyed' },
  'batch-quota-exceeded': { status: 413, title: 'The batch has too many invoices' },
  'too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media-type': { status: 415, title: 'Send JSON' },
  'invalid-invoice': { status: 422, title: 'The invoice is invalid' },
  'export-too-large': { status: 422, title: 'The export has too many documents' },
  'invalid-template': { status: 422, title: 'The template cannot be read' },
  'preview-failed': { status: 422, title: 'The template failed' },
  'invalid-request': { status: 422, title: 'The request is invalid' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key belongs to another request' },
  'daily-quota-used-up': { status: 429, title: 'The invoices of the day are used up' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'too-many-streams': { status: 429, title: 'Too many streams' },
  'internal-error': { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'A part of the service is unavailable' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemType = keyof typeof problemTypes;

interface ProblemOptions {
  errors?: Problem['errors'];
  headers?: Record<string, string>;
  /** Members beyond RFC 9457's own. */
  extra?: Record<string, unknown>;
}

/** Thrown by routes; the one error handler turns it into the answer. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  readonly type: ProblemType;
  readonly options: ProblemOptions;
  constructor(type: ProblemType, detail: string, options: ProblemOptions = {}) {
    super(detail);
    this.type = type;
    this.options = options;
  }
}

/** Seconds that a client is asked to wait when a part of the service is away. */
const RETRY_SECONDS = 5;

/** What an error means for the one who asked. Unknown errors say nothing of their insides. */
export const toRequestProblem = (error: unknown): RequestProblem => {
  if (error instanceof RequestProblem) return error;
  if (error instanceof z.ZodError)
    return new RequestProblem('invalid-request', 'see "errors" for each field', { errors: pointers(error) });
  if (error instanceof TransitionRefused)
    return new RequestProblem('wrong-status', `${error.message}. ${error.remedy}`);
  if (error instanceof CreditTaken)
    return new RequestProblem('exceeds-creditable', `${error.message}; create a credit note over the rest instead`);
  if (error instanceof PayloadLocked && error.why !== 'broken') return lockedProblem(error);
  if (error instanceof StorageError) return unavailable('storage');
  if (isDatabaseUnavailable(error)) return unavailable('the database');
  return (
    bodyProblem(error) ??
    new RequestProblem(
      'internal-error',
      'the error was logged; repeat the request, and tell us the instance if it stays',
    )
  );
};

export const unavailable = (part: string): RequestProblem =>
  new RequestProblem('unavailable', `${part} cannot be reached at the moment; repeat the request`, {
    headers: { 'retry-after': String(RETRY_SECONDS) },
  });

/** A broken payload is our fault, and none of the caller's: an internal error, whose cause is logged. */
const lockedProblem = ({ why }: PayloadLocked): RequestProblem =>
  why === 'destroyed'
    ? new RequestProblem(
        'payload-destroyed',
        'its content was destroyed with the key of its tenant, and cannot be had again; submit a new invoice instead',
      )
    : unavailable("the key that the tenant's invoices are sealed with");

/** Errors that Express's body parsers raise. */
const bodyProblem = (error: unknown): RequestProblem | undefined => {
  const { type, status, limit } = error as { type?: unknown; status?: unknown; limit?: unknown };
  switch (type) {
    case 'entity.parse.failed':
      return new RequestProblem('malformed-request', 'the body is no valid JSON object');
    case 'entity.too.large':
      return new RequestProblem('too-large', `the body is larger than ${String(limit)} bytes; split it up`);
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new RequestProblem('unsupported-media-type', 'send JSON in UTF-8');
    default:
      return typeof status === 'number' && status >= 400 && status < 500
        ? new RequestProblem('malformed-request', 'the request could not be read; send it again, whole')
        : undefined;
  }
};

/** Zod's issues as JSON Pointers; unknown fields are named one by one. */
export const pointers = (error: z.ZodError): NonNullable<Problem['errors']> =>
  issuesOf(error)
    .slice(0, MAX_FAULTS)
    .flatMap((issue) => {
      const path = issue.path.map(String);
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.slice(0, MAX_FAULTS).map((key) => ({
          pointer: pointer([...path, key]),
          detail: 'is no field of ours; remove it or check its spelling',
        }));
      }
      return [{ pointer: pointer(path), detail: missing(issue) ?? issue.message }];
    })
    .slice(0, MAX_FAULTS);

const missing = (issue: z.core.$ZodIssue): string | undefined =>
  issue.code === 'invalid_type' && issue.input === undefined && /received undefined/.test(issue.message)
    ? 'is missing'
    : undefined;

/** No answer lists more faults than this, and none more for one profile. */
export const MAX_FAULTS = 50;

/** RFC 6901; the whole body is "". */
const pointer = (path: string[]): string =>
  path.map((part) => `/${part.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

export const violations = (found: Violation[]): RequestProblem =>
  new RequestProblem('invalid-invoice', 'see "errors" for each field', { errors: found.slice(0, MAX_FAULTS) });

/** RFC 9457 problem details, with a type that leads to its page. */
export const toProblem = (
  { type, message, options }: RequestProblem,
  publicUrl: string,
  instance?: string,
): Problem => ({
  type: `${publicUrl}/problems/${type}`,
  ...problemTypes[type],
  detail: message,
  ...(instance && { instance }),
  ...(options.errors && { errors: options.errors }),
  ...options.extra,
});
