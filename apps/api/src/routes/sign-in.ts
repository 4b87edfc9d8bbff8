import express, { type RequestHandler, type Router } from 'express';
import { requireSameOrigin } from '../auth/same-origin.ts';
import { cookieFor, cookieOf } from '../auth/sessions.ts';
import { SIGN_IN_SECONDS } from '../auth/tokens.ts';
import type { Context } from '../context.ts';
import { sendPage } from '../own-page.ts';
import { RequestProblem } from '../problems.ts';
import { setPageSecurity } from '../security.ts';

/** Bytes of a form with a link's token. */
const FORM_BYTES = 4_000;
const HOME = '/queues/';

type Parts = Pick<Context, 'tokens' | 'sessions' | 'signInProvider' | 'config' | 'telemetry'>;

/** `/sign-in`: by a link from the command line, or by OpenID Connect. */
export const signInPages = (context: Parts): Router => {
  const { config, signInProvider } = context;
  const router = express.Router();
  router.use(setPageSecurity, noStore, requireSameOrigin(config.PUBLIC_URL));
  router.get('/', showSignIn(context));
  router.post('/', express.urlencoded({ extended: false, limit: FORM_BYTES, parameterLimit: 5 }), useLink(context));
  if (signInProvider) {
    router.get('/oidc', leaveForProvider({ ...context, signInProvider }));
    router.get('/callback', comeBack({ ...context, signInProvider }));
  }
  return router;
};

/** `/sign-out`: a page with a button, for a link alone changes nothing. */
export const signOutPages = ({ sessions, config }: Parts): Router => {
  const router = express.Router();
  router.use(setPageSecurity, noStore, requireSameOrigin(config.PUBLIC_URL));
  router.get('/', (_req, res) => sendPage(res, 'Sign out', form('/sign-out', 'Sign out')));
  router.post('/', signOut(sessions));
  return router;
};

const signOut =
  (sessions: Parts['sessions']): RequestHandler =>
  async (req, res) => {
    await sessions.end(req, res);
    sendPage(res, 'Signed out', '<p>You are signed out.</p>');
  };

/** A link is looked at here and used by the button: what previews links, or scans mail for them, uses none up. */
const showSignIn =
  ({ tokens, signInProvider }: Parts): RequestHandler =>
  (req, res) => {
    if (req.query['token'] === undefined && signInProvider)
      return sendPage(res, 'Sign in', '<a class="button" href="/sign-in/oidc">Sign in with your organisation</a>');
    const { token } = verifiedLink(tokens, req.query['token']);
    // A token that we signed, and so no HTML.
    sendPage(res, 'Sign in', form('/sign-in', 'Sign in', `<input type="hidden" name="token" value="${token}">`));
  };

const useLink =
  ({ tokens, sessions, telemetry }: Parts): RequestHandler =>
  async (req, res) => {
    const { id, role } = verifiedLink(tokens, req.body?.token);
    if (!(await sessions.begin(req, res, { role, subject: 'sign-in link' }, id))) throw uselessLink('was used before');
    telemetry.signedIn({ role, by: 'link' });
    res.redirect(303, HOME);
  };

const verifiedLink = (tokens: Parts['tokens'], token: unknown) => {
  try {
    if (typeof token === 'string') return { token, ...tokens.verifySignIn(token) };
  } catch {
    // as any other text
  }
  throw uselessLink('is not valid or has expired');
};

const uselessLink = (why: string) =>
  new RequestProblem('unauthenticated', `the sign-in link ${why}; make a new one with: npm run admin -- sign-in-link`);

type WithProvider = Parts & { signInProvider: NonNullable<Parts['signInProvider']> };

const leaveForProvider = ({ tokens, signInProvider, config }: WithProvider): RequestHandler => {
  const { name, options } = cookieFor(config, 'signing_in');
  return async (_req, res) => {
    const { url, attempt } = await signInProvider.begin();
    res.cookie(name, tokens.issueSigningIn(attempt), { ...options, maxAge: SIGN_IN_SECONDS * 1_000 });
    res.redirect(303, url.href);
  };
};

const comeBack = ({ tokens, sessions, signInProvider, config, telemetry }: WithProvider): RequestHandler => {
  const { name, options } = cookieFor(config, 'signing_in');
  return async (req, res) => {
    let attempt;
    try {
      attempt = tokens.verifySigningIn(cookieOf(req, name) ?? '');
    } catch {
      throw new RequestProblem(
        'unauthenticated',
        'this browser did not begin to sign in, or took too long; begin again at /sign-in',
      );
    }
    res.clearCookie(name, options); // good for one attempt
    const operator = await signInProvider.finish(new URL(config.PUBLIC_URL + req.originalUrl), attempt);
    await sessions.begin(req, res, operator);
    telemetry.signedIn({ role: operator.role, by: 'oidc' });
    res.redirect(303, HOME);
  };
};

const noStore: RequestHandler = (_req, res, next) => {
  res.set('cache-control', 'no-store');
  next();
};

const form = (action: string, label: string, fields = '') =>
  `<form method="post" action="${action}">${fields}<button>${label}</button></form>`;
