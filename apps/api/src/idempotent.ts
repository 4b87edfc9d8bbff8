import type { Operation } from '@invoicepress/client';
import {
  recallAnswer,
  rememberAnswer,
  withTenant,
  type Answer,
  type IdempotentRequest,
  type TenantTransaction,
} from '@invoicepress/database';
import type { Request, RequestHandler, Response } from 'express';
import { audited, digestBody, type AuditedAnswer } from './audited.ts';
import { callerOf } from './auth/authenticate.ts';
import type { Context } from './context.ts';
import { RequestProblem, toProblem, toRequestProblem, type ProblemType } from './problems.ts';
import { requestIdOf } from './requests.ts';

/** The fingerprint of a body comes once it was read; before that, no answer is final. */
type KeyedRequest = Omit<IdempotentRequest, 'fingerprint'> & { fingerprint?: string };
const keyed = new WeakMap<object, KeyedRequest>();

/** Paths longer than this name nothing that there is or will be. */
const MAX_ROUTE_CHARACTERS = 500;

/** Middleware behind `requireScope` and before the body's parser, for operations that are `idempotent`. */
export const honourKey =
  ({ method, path, idempotent, body }: Operation): RequestHandler =>
  (req, _res, next) => {
    const key = idempotent && req.get('idempotency-key');
    if (key === undefined) return next();
    if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw malformed();
    // Made of the parameters, because Express takes "/V1/invoices/" for the same route.
    const named = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(req.params[name])));
    const route = `${method.toUpperCase()} ${named}`;
    if (route.length <= MAX_ROUTE_CHARACTERS) {
      const { clientId } = callerOf(req);
      keyed.set(req, { clientId, route, key, ...(!body && { fingerprint: digestBody(req, '') }) });
    }
    next();
  };

/** For express.json's `verify`: keeps the fingerprint of the body as it came, byte for byte. */
export const fingerprintBody = (req: object, _res: unknown, body: Buffer, _encoding: string): void => {
  const request = keyed.get(req);
  const digest = digestBody(req, body);
  if (request) request.fingerprint = digest;
};

/**
 * Does the work of an operation in a transaction of the caller's tenant, once for each Idempotency-Key: the answer is
 * stored in that transaction, and a repetition gets it again without the work. So every POST that changes something
 * says `idempotent: true` in `operations` and is written
 *
 *     const answer = await answerOnce(context, req, async (tx) => ({ status: 201, body: JSON.stringify(…), audit: { touched } }));
 *     sendAnswer(res, answer);
 *
 * What `work` throws undoes it; `refuseOnce` stores the refusal. What has to follow a commit follows `answerOnce`, if
 * `work` ran. A body that holds a secret leaves `work` sealed and is opened for `sendAnswer`: it is kept for 30 days.
 * @returns an answer of the 2xx kind
 * @throws {RequestProblem} the key came with another body before, or its first request is still being answered
 */
export const answerOnce = (
  { database }: Pick<Context, 'database'>,
  req: Request,
  work: (tx: TenantTransaction) => Promise<AuditedAnswer>,
): Promise<Answer> =>
  withTenant(database, callerOf(req).tenantId, async (tx) => {
    const request = keyed.get(req);
    if (!request) return audited(tx, req, work);
    if (!isWhole(request)) throw new Error('an idempotent operation acts before its body was read');
    const first = await recall(tx, request);
    if (first && first.status >= 400) throw new FirstRefusal(first);
    if (first) return first;
    const answer = await audited(tx, req, work);
    await rememberAnswer(tx, request, answer);
    return answer;
  });

/**
 * For the error handler: the refusal that a request with an Idempotency-Key ends with, for this time and all
 * repetitions. It is stored in a transaction of its own, after the one that did the work was undone: a crash in between
 * leaves nothing, neither work nor answer, and a twin that comes in between does the work for both, because the first
 * answer that is stored is what everybody gets.
 * @returns undefined when nothing is to be remembered
 * @throws {RequestProblem} as `answerOnce` does
 */
export const refuseOnce = async (
  { database, config }: Pick<Context, 'database' | 'config'>,
  req: Request,
  error: unknown,
): Promise<Answer | undefined> => {
  if (error instanceof FirstRefusal) return error.answer;
  const request = keyed.get(req);
  const problem = toRequestProblem(error);
  const details = toProblem(problem, config.PUBLIC_URL, requestIdOf(req));
  if (!request || !isWhole(request) || details.status >= 500 || passing.has(problem.type)) return undefined;
  return withTenant(database, callerOf(req).tenantId, async (tx) => {
    const first = await recall(tx, request);
    if (first) return first;
    const answer = { status: details.status, body: JSON.stringify(details) };
    await rememberAnswer(tx, request, answer);
    return answer;
  });
};

/** A repetition's body is the first one's, byte for byte, and so is what follows from it: status and media type. */
export const sendAnswer = (res: Response, { status, body }: Answer): void => {
  res
    .status(status)
    .type(status < 400 ? 'application/json' : 'application/problem+json')
    .send(body);
};

/** Refusals that another moment or another token mends, not another request. */
const passing: ReadonlySet<ProblemType> = new Set([
  'unauthenticated',
  'missing-scope',
  'too-large',
  'too-many-requests',
  'daily-quota-used-up',
  'storage-quota-used-up',
  'batch-quota-exceeded',
  'request-in-progress',
  'idempotency-key-reused',
]);

/** Ends a request as the first one with its key was refused. */
class FirstRefusal extends Error {
  override readonly name = 'FirstRefusal';
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(`refused with ${answer.status} before`);
    this.answer = answer;
  }
}

const isWhole = (request: KeyedRequest): request is IdempotentRequest => request.fingerprint !== undefined;

const recall = async (tx: TenantTransaction, request: IdempotentRequest): Promise<Answer | undefined> => {
  const known = await recallAnswer(tx, request);
  if ('refused' in known) throw known.refused === 'other-body' ? reused() : inProgress();
  return 'replay' in known ? known.replay : undefined;
};

const malformed = () =>
  new RequestProblem('invalid-parameter', 'an Idempotency-Key has 1 to 255 visible ASCII characters, such as a UUID', {
    errors: [{ pointer: 'Idempotency-Key', detail: 'is no such key' }],
  });
const reused = () =>
  new RequestProblem(
    'idempotency-key-reused',
    'this Idempotency-Key came with another body before; use a new key for a new request',
  );
const inProgress = () =>
  new RequestProblem(
    'request-in-progress',
    'the first request with this Idempotency-Key is still being answered; repeat it in a moment',
    {
      headers: { 'retry-after': '1' },
    },
  );
