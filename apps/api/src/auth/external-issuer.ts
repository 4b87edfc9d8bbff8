import { findExternalClient, type Database } from '@invoicepress/database';
import { createRemoteJWKSet, customFetch, decodeProtectedHeader } from 'jose';
import { KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { unavailable } from '../problems.ts';
import { fetchBounded } from './fetch-bounded.ts';
import type { ExternalSettings } from './settings.ts';
import { knownScopes, type Caller } from './tokens.ts';

/** Asymmetric ones alone: with HS256 the public key would be the secret (RFC 8725, 2.1). */
export const EXTERNAL_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384'] as const;

/** Milliseconds after which the keys are fetched anew, so that a withdrawn one is not believed for long. */
const KEYS_EVERY_MS = 300_000;
/** Milliseconds for which it is remembered which client a subject stands for, and how many subjects. */
const CLIENT_FOR_MS = 15_000;
const MAX_CLIENTS = 10_000;

/** An identity provider of the operator's, whose access tokens count beside ours. */
export interface ExternalIssuer extends AsyncDisposable {
  readonly issuer: string;
  readonly audience: string;
  readonly tokenType: string;
  readonly maxAgeSeconds: number;
  /** @returns undefined when the issuer has no such key @throws {RequestProblem} 503 when its keys were never to be had */
  keyOf(token: string): Promise<KeyObject | undefined>;
  /** Of verified claims; undefined unless the database knows the client, and the tenant is the one that the token names. */
  callerOf(claims: Record<string, unknown>): Promise<Caller | undefined>;
}

export interface ExternalOptions {
  database: Database;
  onError: (error: Error) => void;
}

export const openExternalIssuer = (
  settings: ExternalSettings,
  { database, onError }: ExternalOptions,
): ExternalIssuer => {
  const cooldownMs = settings.IDP_KEYS_COOLDOWN_SECONDS * 1_000;
  let triedAt = Number.NEGATIVE_INFINITY;
  const keys = createRemoteJWKSet(new URL(settings.IDP_JWKS_URL), {
    cacheMaxAge: Number.POSITIVE_INFINITY, // they hold while the provider is away; `refresh` fetches them anew
    cooldownDuration: 0, // the library's own counts successes alone
    [customFetch]: (url: string, init: RequestInit) => {
      if (performance.now() - triedAt < cooldownMs) throw new Error('the keys were asked for a moment ago');
      triedAt = performance.now();
      return fetchBounded(url, init).catch((error: Error) => {
        onError(error);
        throw error;
      });
    },
  });

  const stop = new AbortController();
  const refresh = async () => {
    while (!stop.signal.aborted) {
      await keys.reload().catch(() => undefined); // told by the fetch
      const wait = keys.jwks() ? KEYS_EVERY_MS : cooldownMs;
      await sleep(wait, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
    }
  };
  const refreshing = refresh();
  const clientOf = rememberClients(database, settings.IDP_ISSUER);

  return {
    issuer: settings.IDP_ISSUER,
    audience: settings.IDP_AUDIENCE,
    tokenType: settings.IDP_TOKEN_TYPE,
    maxAgeSeconds: settings.IDP_TOKEN_MAX_SECONDS,
    keyOf: async (token) => {
      try {
        const [protectedHeader = ''] = token.split('.', 1);
        const key = await keys(decodeProtectedHeader(token), {
          payload: '',
          protected: protectedHeader,
          signature: '',
        });
        return KeyObject.from(key);
      } catch {
        if (!keys.jwks()) throw unavailable('the identity provider');
        return undefined;
      }
    },
    callerOf: async (claims) => {
      const subject = claims[settings.IDP_CLIENT_CLAIM];
      const { exp } = claims;
      if (typeof subject !== 'string' || subject === '' || subject.length > 255 || typeof exp !== 'number')
        return undefined;
      const client = await clientOf(subject);
      if (!client) return undefined;
      if (settings.IDP_TENANT_CLAIM !== undefined) {
        const tenant = claims[settings.IDP_TENANT_CLAIM];
        if (tenant !== client.tenantId && tenant !== client.slug) return undefined;
      }
      const asked = namesIn(claims[settings.IDP_SCOPE_CLAIM]).map((name) => settings.IDP_SCOPE_MAP?.get(name) ?? name);
      const scopes = knownScopes(asked.filter((name) => client.scopes.includes(name)));
      return { tenantId: client.tenantId, clientId: client.clientId, scopes, expiresAt: new Date(exp * 1_000) };
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await refreshing;
    },
  };
};

/** A scope (RFC 8693, 4.2) is a text with spaces; roles and permissions of some providers are lists. */
const namesIn = (claim: unknown): string[] =>
  typeof claim === 'string'
    ? claim.split(' ')
    : Array.isArray(claim)
      ? claim.filter((name): name is string => typeof name === 'string')
      : [];

type Remembered = Awaited<ReturnType<typeof findExternalClient>>;

/** One question to the database for each subject and quarter of a minute; what is not there is remembered as well. */
const rememberClients = (database: Database, issuer: string) => {
  const known = new Map<string, { until: number; client: Promise<Remembered> }>();
  return (subject: string): Promise<Remembered> => {
    const now = performance.now();
    const hit = known.get(subject);
    if (hit && hit.until > now) return hit.client;
    known.delete(subject);
    const [oldest] = known.keys();
    if (known.size >= MAX_CLIENTS && oldest !== undefined) known.delete(oldest);
    const client = findExternalClient(database, { issuer, subject });
    known.set(subject, { until: now + CLIENT_FOR_MS, client });
    client.catch(() => known.delete(subject));
    return client;
  };
};
