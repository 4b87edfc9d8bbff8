import type { RequestHandler } from 'express';
import { RequestProblem } from '../problems.ts';

/**
 * Whatever changes something with a session's cookie has to come from a page of ours. Browsers say so themselves, and no
 * page can make them say otherwise: by Sec-Fetch-Site, or, those that lack it, by Origin (OWASP, CSRF prevention).
 */
export const requireSameOrigin = (publicUrl: string): RequestHandler => {
  const { origin } = new URL(publicUrl);
  return (req, _res, next) => {
    if (req.method === 'GET' || req.method === 'HEAD') return next();
    const site = req.get('sec-fetch-site');
    if (site === 'same-origin' || (!site && req.get('origin') === origin)) return next();
    next(
      new RequestProblem(
        'cross-site-request',
        `this did not come from a page of ours; open it at ${origin} and repeat it`,
      ),
    );
  };
};
