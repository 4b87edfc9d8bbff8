import type { Request, RequestHandler } from 'express';
import { randomUUID } from 'node:crypto';
import type { Context } from './context.ts';

const ids = new WeakMap<Request, string>();

/** The id under which a request stands in the logs, in its answer's headers and in its problem details. */
export const requestIdOf = (req: Request): string | undefined => ids.get(req);

/** Gives every request an id, its log context, and its place in the metrics, by route and never by URL. */
export const watchRequests =
  ({ telemetry }: Pick<Context, 'telemetry'>): RequestHandler =>
  (req, res, next) => {
    const requestId = randomUUID();
    ids.set(req, requestId);
    res.set('x-request-id', requestId);
    const startedAt = performance.now();
    const done = telemetry.requestStarted();
    res.once('close', () => {
      done();
      telemetry.requestFinished({
        method: req.method,
        route: routeOf(req),
        status: res.writableFinished ? res.statusCode : 499, // the client went away before its answer was complete
        seconds: (performance.now() - startedAt) / 1_000,
      });
    });
    telemetry.withContext({ requestId }, next);
  };

/** The pattern, such as /v1/invoices/:id; requests that match none share one name. */
const routeOf = (req: Request): string => {
  const path: unknown = req.route?.path;
  if (typeof path === 'string') return req.baseUrl + path;
  return ['/queues', '/docs'].find((prefix) => req.originalUrl.startsWith(prefix)) ?? 'none';
};
