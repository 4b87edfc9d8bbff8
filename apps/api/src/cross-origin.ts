import cors from 'cors';
import type { RequestHandler } from 'express';
import { z } from 'zod';

/** How long a browser may remember a preflight's answer, in seconds. */
const PREFLIGHT_SECONDS = 600;

export const crossOriginSettings = z.object({
  /** Origins whose pages may call the API from a browser; none unless named. */
  CORS_ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter(Boolean))
    .refine((origins) => origins.every(isOrigin), {
      error:
        'CORS_ALLOWED_ORIGINS must be origins such as https://app.example.com, separated by commas: no path, no "*", and http:// for localhost alone',
    }),
});

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, protocol, hostname } = new URL(text);
  return origin === text && (protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost'));
}

/**
 * For pages of these origins, and of no other. Never with cookies: a page calls with a token, as everybody does.
 * Without origins there is not even an answer to a preflight.
 */
export const allowOrigins = ({ CORS_ALLOWED_ORIGINS: origins }: z.infer<typeof crossOriginSettings>): RequestHandler =>
  origins.length === 0
    ? (_req, _res, next) => next()
    : cors({
        origin: origins,
        methods: ['GET', 'POST', 'PATCH', 'DELETE'],
        allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-none-match', 'last-event-id'],
        exposedHeaders: ['etag', 'location', 'retry-after', 'ratelimit', 'ratelimit-policy', 'x-request-id'],
        maxAge: PREFLIGHT_SECONDS,
      });
