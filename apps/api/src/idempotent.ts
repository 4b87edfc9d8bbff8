import {
  recallAnswer,
  rememberAnswer,
  type Answer,
  type IdempotentRequest,
  type TenantTransaction,
} from '@invoicepress/database';
import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { callerOf } from './auth/authenticate.ts';
import { RequestProblem } from './problems.ts';

const bodies = new WeakMap<object, string>();

/** For express.json's `verify`: keeps the fingerprint of the body as it came, byte for byte. */
export const fingerprintBody = (req: object, _res: unknown, body: Buffer, _encoding: string): void => {
  if ('headers' in req && (req.headers as Record<string, unknown>)['idempotency-key']) {
    bodies.set(req, createHash('sha256').update(body).digest('hex'));
  }
};

/**
 * Answers a request with an Idempotency-Key once: the answer is stored in the transaction that did the work, and a
 * repetition gets it again, byte for byte. Without the header the work is just done.
 * @throws {RequestProblem} the key came with another body before, or its first request is still being answered
 */
export const answerOnce = async (tx: TenantTransaction, req: Request, work: () => Promise<Answer>): Promise<Answer> => {
  const request = idempotentRequest(req);
  if (!request) return work();
  const recall = await recallAnswer(tx, request);
  if ('replay' in recall) return recall.replay;
  if ('refused' in recall) throw recall.refused === 'other-body' ? reused() : inProgress();
  const answer = await work();
  await rememberAnswer(tx, request, answer);
  return answer;
};

const idempotentRequest = (req: Request): IdempotentRequest | undefined => {
  const key = req.get('idempotency-key');
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new RequestProblem(
      'invalid-parameter',
      'an Idempotency-Key has 1 to 255 visible ASCII characters, such as a UUID',
      {
        errors: [{ pointer: 'Idempotency-Key', detail: 'is no such key' }],
      },
    );
  }
  return {
    clientId: callerOf(req).clientId,
    route: `${req.method} ${req.baseUrl}${req.path}`,
    key,
    fingerprint: bodies.get(req) ?? '',
  };
};

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
