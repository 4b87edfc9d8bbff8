import type { Scope } from '@invoicepress/client';
import type { Request, RequestHandler } from 'express';
import type { KeyObject } from 'node:crypto';
import { callbackify } from 'node:util';
import { Passport } from 'passport';
import { ExtractJwt, Strategy, type StrategyOptionsWithoutRequest } from 'passport-jwt';
import type { Context } from '../context.ts';
import { RequestProblem } from '../problems.ts';
import { BearerRefused, claimedIssuer, readBearer, type Bearer } from './bearer.ts';
import { EXTERNAL_ALGORITHMS } from './external-issuer.ts';
import { ACCESS_TYPE, ALGORITHM, CLOCK_TOLERANCE_SECONDS, toCaller, type Caller } from './tokens.ts';

type Claims = Record<string, unknown>;
type Done = (error: unknown, caller: Caller | false) => void;

/** Middleware that lets only bearers of a valid access token pass, and says why it refuses the others. */
export const authenticate = ({
  tokens,
  external,
  revocations,
}: Pick<Context, 'tokens' | 'external' | 'revocations'>): RequestHandler => {
  const passport = new Passport();
  passport.use(
    'own',
    new Strategy(
      {
        ...shared(tokens.ttlSeconds),
        secretOrKeyProvider: callbackify(async (req: object) => usable(tokens.keyOf(bearers.get(req)?.header.kid))),
        algorithms: [ALGORITHM],
        issuer: tokens.issuer,
        audience: tokens.audience,
      },
      (claims: Claims, done: Done) => done(null, toCaller(claims) ?? false),
    ),
  );
  if (external)
    passport.use(
      'external',
      new Strategy(
        {
          ...shared(external.maxAgeSeconds),
          secretOrKeyProvider: callbackify(async (_req: object, token: string) => usable(await external.keyOf(token))),
          algorithms: [...EXTERNAL_ALGORITHMS],
          issuer: external.issuer,
          audience: external.audience,
        },
        callbackify(async (claims: Claims) => (await external.callerOf(claims)) ?? false),
      ),
    );

  return async (req, res, next) => {
    await revocations.known();
    let strategy: 'own' | 'external';
    try {
      const bearer = readBearer(req);
      if (!bearer) return next(unauthenticated());
      strategy = external && claimedIssuer(bearer) === external.issuer ? 'external' : 'own';
      const typ = strategy === 'external' && external ? external.tokenType : ACCESS_TYPE;
      if (bearer.header.typ !== typ) throw new BearerRefused('the token is no access token');
      bearers.set(req, bearer);
    } catch (error) {
      return next(error instanceof BearerRefused ? invalid(error.message) : error);
    }
    const decide = (error: unknown, caller: Caller | false, info: unknown) => {
      if (error || info instanceof RequestProblem) return next(error ?? info); // not the token's fault
      if (!caller) return next(expiredOrInvalid(info));
      if (revocations.refuse(caller)) return next(invalid('the client, or its secret, was revoked'));
      callers.set(req, caller);
      next();
    };
    (passport.authenticate(strategy, { session: false }, decide) as RequestHandler)(req, res, next);
  };
};

const shared = (maxAgeSeconds: number) =>
  ({
    jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
    jsonWebTokenOptions: {
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      maxAge: `${maxAgeSeconds + CLOCK_TOLERANCE_SECONDS}s`,
    },
  }) satisfies Partial<StrategyOptionsWithoutRequest>;

/** jsonwebtoken takes the parsed key, which spares parsing PEM for every request; the types lag behind. */
const usable = (key: KeyObject | undefined): Buffer => {
  if (!key) throw new Error('there is no such key');
  return key as unknown as Buffer;
};

const bearers = new WeakMap<object, Bearer>();
const callers = new WeakMap<Request, Caller>();

/** The caller of an authenticated request. */
export const callerOf = (req: Request): Caller => {
  const caller = callers.get(req);
  if (!caller) throw new Error('this route is not behind authenticate()');
  return caller;
};

const refusal = (detail: string, challenge: string): RequestProblem =>
  new RequestProblem('unauthenticated', detail, { headers: { 'www-authenticate': challenge } });

const unauthenticated = () => refusal('send "Authorization: Bearer …" with a token from POST /oauth2/token', 'Bearer');
const invalid = (why: string) =>
  refusal(`${why}; get a new one from POST /oauth2/token`, 'Bearer error="invalid_token", error_description="invalid"');
const expiredOrInvalid = (info: unknown) =>
  info instanceof Error && info.name === 'TokenExpiredError'
    ? refusal(
        'the token has expired; get a new one from POST /oauth2/token',
        'Bearer error="invalid_token", error_description="expired"',
      )
    : invalid('the token is not one of ours, or was changed');

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
