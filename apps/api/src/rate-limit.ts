import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { callerOf } from './auth/authenticate.ts';
import type { Context } from './context.ts';
import { RequestProblem } from './problems.ts';

const WINDOW_MS = 60_000;

/** Requests per client and minute; the standard RateLimit headers travel with every answer. */
export const limitClients = (context: Pick<Context, 'config' | 'rateLimitStore'>): RequestHandler =>
  limit(context, 'client', context.config.RATE_LIMIT_PER_MINUTE, (req) => callerOf(req).clientId);

/** Token requests per address and minute, so that secrets cannot be tried out in bulk. */
export const limitSignIns = (
  context: Pick<Context, 'config' | 'rateLimitStore'>,
  name: 'token' | 'sign-in',
): RequestHandler =>
  limit(context, name, context.config.TOKEN_RATE_LIMIT_PER_MINUTE, (req) => ipKeyGenerator(req.ip ?? ''));

const limit = (
  { rateLimitStore }: Pick<Context, 'rateLimitStore'>,
  name: string,
  perMinute: number,
  keyGenerator: (req: Request) => string,
): RequestHandler =>
  rateLimit({
    windowMs: WINDOW_MS,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: name,
    keyGenerator,
    passOnStoreError: true, // counting must not be what stops invoices
    ...(rateLimitStore && { store: rateLimitStore(name) }),
    handler: (_req, _res, next) =>
      next(
        new RequestProblem(
          'too-many-requests',
          `more than ${perMinute} requests in a minute; wait as long as Retry-After says`,
        ),
      ),
  });
