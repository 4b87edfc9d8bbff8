import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { callerOf } from './auth/authenticate.ts';
import type { Context } from './context.ts';
import { RequestProblem } from './problems.ts';

const WINDOW_MS = 60_000;

/** A tenant's share is that of so many of its clients, however many it has. */
const CLIENTS_PER_TENANT = 2;

/**
 * Requests per client and minute, and per tenant, so that more clients do not buy more; the standard RateLimit headers
 * travel with every answer. Both are counted at the same time: in Redis that is one round trip.
 */
export const limitClients = (context: Pick<Context, 'config' | 'rateLimitStore'>): RequestHandler => {
  const { RATE_LIMIT_PER_MINUTE: perClient, TENANT_RATE_LIMIT_PER_MINUTE: perTenant } = context.config;
  const limits = [
    limit(context, 'client', perClient, (req) => callerOf(req).clientId),
    limit(context, 'tenant', perTenant ?? perClient * CLIENTS_PER_TENANT, (req) => callerOf(req).tenantId),
  ];
  return (req, res, next) => {
    let open = limits.length;
    let refusal: unknown;
    const passed = (reason?: unknown): void => {
      refusal ??= reason;
      open -= 1;
      if (open === 0) next(refusal);
    };
    for (const each of limits) void each(req, res, passed);
  };
};

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
