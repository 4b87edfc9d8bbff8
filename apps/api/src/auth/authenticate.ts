import type { Scope } from '@invoicepress/client';
import type { Request, RequestHandler } from 'express';
import { Passport } from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { RequestProblem } from '../problems.ts';
import { ALGORITHM, toCaller, type Caller, type Tokens } from './tokens.ts';

/** Seconds by which clocks may differ. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** Middleware that lets only bearers of a valid access token pass, and says why it refuses the others. */
export const authenticate = (tokens: Tokens): RequestHandler => {
  const passport = new Passport();
  // jsonwebtoken takes the parsed key, which spares parsing PEM for every request; the types lag behind.
  const publicKey = tokens.publicKey as unknown as Buffer;
  passport.use(
    new Strategy(
      {
        jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
        secretOrKeyProvider: (_request, token, done) =>
          tokens.isAccessHeader(token) ? done(null, publicKey) : done(new Error('not an access token of ours')),
        algorithms: [ALGORITHM],
        issuer: tokens.issuer,
        audience: tokens.audience,
        jsonWebTokenOptions: {
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          maxAge: `${tokens.ttlSeconds + CLOCK_TOLERANCE_SECONDS}s`,
        },
      },
      (claims: Record<string, unknown>, done: (error: null, caller: Caller | false) => void) =>
        done(null, toCaller(claims) ?? false),
    ),
  );
  return (req, res, next) => {
    const decide = (error: unknown, caller: Caller | false, info: unknown) => {
      if (error || !caller) return next(unauthenticated(req, info));
      callers.set(req, caller);
      next();
    };
    (passport.authenticate('jwt', { session: false }, decide) as RequestHandler)(req, res, next);
  };
};

const callers = new WeakMap<Request, Caller>();

/** The caller of an authenticated request. */
export const callerOf = (req: Request): Caller => {
  const caller = callers.get(req);
  if (!caller) throw new Error('this route is not behind authenticate()');
  return caller;
};

const unauthenticated = (req: Request, info: unknown): RequestProblem => {
  const expired = info instanceof Error && info.name === 'TokenExpiredError';
  const detail = !req.headers.authorization
    ? 'send "Authorization: Bearer …" with a token from POST /oauth2/token'
    : expired
      ? 'the token has expired; get a new one from POST /oauth2/token'
      : 'the token is not one of ours, or was changed; get a new one from POST /oauth2/token';
  const challenge = req.headers.authorization
    ? `Bearer error="invalid_token", error_description="${expired ? 'expired' : 'invalid'}"`
    : 'Bearer';
  return new RequestProblem('unauthenticated', detail, { headers: { 'www-authenticate': challenge } });
};

/** Middleware behind `authenticate`: the token must carry the scope. */
export const requireScope =
  (scope: Scope): RequestHandler =>
  (req, _res, next) => {
    if (callerOf(req).scopes.has(scope)) return next();
    throw new RequestProblem(
      'missing-scope',
      `this needs the scope "${scope}"; ask for it at POST /oauth2/token, if your client has it`,
      {
        headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
      },
    );
  };
