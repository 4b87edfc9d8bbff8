import type { Database } from '@invoicepress/database';
import type { Telemetry } from '@invoicepress/telemetry';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import { openExternalIssuer } from './external-issuer.ts';
import { createSignInProvider } from './oidc.ts';
import { watchRevocations } from './revocations.ts';
import { createSessions } from './sessions.ts';
import { hasExternal, hasOidc } from './settings.ts';
import { createTokens } from './tokens.ts';

export type CallerParts = Pick<Context, 'tokens' | 'external' | 'signInProvider' | 'revocations' | 'sessions'>;

/** What knows who is calling, as the settings say. */
export const openCallerParts = (
  config: Config,
  { database, telemetry }: { database: Database; telemetry: Telemetry },
): CallerParts & AsyncDisposable => {
  const parts = new AsyncDisposableStack();
  return {
    tokens: createTokens({
      privateKeyPem: config.JWT_PRIVATE_KEY,
      otherPublicKeysPem: config.JWT_OTHER_PUBLIC_KEYS,
      issuer: config.PUBLIC_URL,
      audience: config.JWT_AUDIENCE,
      ttlSeconds: config.TOKEN_TTL_SECONDS,
    }),
    external: hasExternal(config)
      ? parts.use(openExternalIssuer(config, { database, onError: telemetry.identityProviderError }))
      : undefined,
    signInProvider: hasOidc(config) ? createSignInProvider(config) : undefined,
    revocations: parts.use(watchRevocations(database, telemetry.databaseError)),
    sessions: createSessions(database, config),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
};
