import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { Operator } from '@invoicepress/database';
import express, { type Request, type RequestHandler, type Router } from 'express';
import { requireSameOrigin } from '../auth/same-origin.ts';
import type { Context } from '../context.ts';
import { RequestProblem } from '../problems.ts';
import { setPageSecurity } from '../security.ts';

type Parts = Pick<Context, 'queue' | 'deliveries' | 'trials' | 'sessions' | 'signInProvider' | 'config'>;

/**
 * What an operator may do to a queue: halt it, let it go on, and hurry a job. The rows in the database decide what comes
 * of a job, so nothing here makes or loses an invoice; taking jobs away, or making up others, is left out all the same.
 */
const allowed = [
  /^\/api\/queues(\/[\w.-]+)?\/(pause|resume)$/,
  /^\/api\/queues\/[\w.-]+\/promote$/,
  /^\/api\/queues\/[\w.-]+\/retry\/\w+$/,
  /^\/api\/queues\/[\w.-]+\/[\w.-]+\/(retry|promote)$/,
];

/** `/queues`: Bull Board, for people who are signed in: viewers look, operators do what is `allowed` as well. */
export const queuePages = (context: Parts): Router => {
  const { config } = context;
  const boards = { viewer: board(context, true), operator: board(context, false) };
  const router = express.Router();
  router.use(
    setPageSecurity,
    requireOperator(context),
    requireSameOrigin(config.PUBLIC_URL),
    refuseChanges,
    (req, res, next) => boards[operators.get(req)?.role ?? 'viewer'](req, res, next),
  );
  return router;
};

const operators = new WeakMap<Request, Operator>();

/** Whoever is not signed in is sent to do so, where that is possible by itself. */
const requireOperator =
  ({ sessions, signInProvider }: Parts): RequestHandler =>
  async (req, res, next) => {
    res.set('cache-control', 'no-store');
    const operator = await sessions.operatorOf(req);
    if (operator) {
      operators.set(req, operator);
      return next();
    }
    if (signInProvider && req.method === 'GET' && req.accepts(['json', 'html']) === 'html')
      return res.redirect(303, '/sign-in');
    throw new RequestProblem(
      'unauthenticated',
      'this page is for operators; make a sign-in link with: npm run admin -- sign-in-link',
    );
  };

const refuseChanges: RequestHandler = (req, _res, next) => {
  if (req.method === 'GET' || req.method === 'HEAD') return next();
  if (operators.get(req)?.role !== 'operator')
    throw new RequestProblem('missing-role', 'viewers look at the queues; this is for operators');
  if (req.method !== 'PUT' || !allowed.some((path) => path.test(req.path)))
    throw new RequestProblem('missing-role', 'nobody does this from here: the rows in the database decide');
  next();
};

const board = ({ queue, deliveries, trials }: Parts, readOnlyMode: boolean): RequestHandler => {
  const adapter = new ExpressAdapter();
  adapter.setBasePath('/queues');
  const shown = (bull: typeof queue.bull, description: string) =>
    new BullMQAdapter(bull, { readOnlyMode, description });
  createBullBoard({
    queues: [
      shown(queue.bull, 'Invoices on their way to becoming documents'),
      shown(deliveries.bull, 'Webhooks on their way to their receivers'),
      shown(trials.bull, 'Checks of templates, and previews'),
    ],
    serverAdapter: adapter,
    options: {
      uiConfig: {
        boardTitle: 'Invoicepress',
        boardLogo: { path: '/favicon.ico', width: 24, height: 24 },
        favIcon: { default: '/favicon.ico', alternative: '/favicon.ico' },
        miscLinks: [{ text: 'Sign out', url: '/sign-out' }],
      },
    },
  });
  return adapter.getRouter() as RequestHandler;
};
