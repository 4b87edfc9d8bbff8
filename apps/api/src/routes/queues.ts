import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import express, { type CookieOptions, type Request, type RequestHandler, type Router } from 'express';
import { SESSION_SECONDS } from '../auth/tokens.ts';
import type { Context } from '../context.ts';
import { RequestProblem } from '../problems.ts';
import { setPageSecurity } from '../security.ts';

const COOKIE = 'invoicepress_session';

/** `GET /sign-in?token=…`: a short-lived link from the command line becomes an operator's session. */
export const signIn = ({ tokens, config }: Pick<Context, 'tokens' | 'config'>): RequestHandler => {
  const cookie: CookieOptions = {
    httpOnly: true,
    sameSite: 'lax',
    secure: config.PUBLIC_URL.startsWith('https:'),
    path: '/queues',
    maxAge: SESSION_SECONDS * 1_000,
  };
  return (req, res) => {
    try {
      tokens.verify('signIn', typeof req.query.token === 'string' ? req.query.token : '');
    } catch {
      throw new RequestProblem(
        'unauthenticated',
        'the sign-in link is not valid or has expired; make a new one with: npm run admin -- sign-in-link',
      );
    }
    res.set('cache-control', 'no-store').cookie(COOKIE, tokens.issueSession(), cookie).redirect(303, '/queues/');
  };
};

/** `/queues`: Bull Board, for signed-in operators, to look and not to touch: the rows in the database decide. */
export const queuePages = ({
  queue,
  deliveries,
  trials,
  tokens,
}: Pick<Context, 'queue' | 'deliveries' | 'trials' | 'tokens'>): Router => {
  const adapter = new ExpressAdapter();
  adapter.setBasePath('/queues');
  createBullBoard({
    queues: [
      new BullMQAdapter(queue.bull, { readOnlyMode: true, description: 'Invoices on their way to becoming documents' }),
      new BullMQAdapter(deliveries.bull, {
        readOnlyMode: true,
        description: 'Webhooks on their way to their receivers',
      }),
      new BullMQAdapter(trials.bull, { readOnlyMode: true, description: 'Checks of templates, and previews' }),
    ],
    serverAdapter: adapter,
    options: {
      uiConfig: {
        boardTitle: 'Invoicepress',
        boardLogo: { path: '/favicon.ico', width: 24, height: 24 },
        favIcon: { default: '/favicon.ico', alternative: '/favicon.ico' },
      },
    },
  });
  const router = express.Router();
  router.use(setPageSecurity, (req, res, next) => {
    try {
      tokens.verify('session', sessionOf(req) ?? '');
    } catch {
      throw new RequestProblem(
        'unauthenticated',
        'this page is for operators; make a sign-in link with: npm run admin -- sign-in-link',
      );
    }
    res.set('cache-control', 'no-store');
    next();
  });
  router.use(adapter.getRouter() as RequestHandler);
  return router;
};

const sessionOf = (req: Request): string | undefined =>
  req.headers.cookie
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1);
