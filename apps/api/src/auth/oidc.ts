import type { Operator, OperatorRole } from '@invoicepress/database';
import * as oidc from 'openid-client';
import { RequestProblem, unavailable } from '../problems.ts';
import { fetchBounded, IDP_TIMEOUT_MS } from './fetch-bounded.ts';
import type { OidcSettings } from './settings.ts';
import type { SigningIn } from './tokens.ts';

/** OpenID Connect: the authorization code flow, with PKCE, state and nonce (RFC 9700, 2.1.1). */
export interface SignInProvider {
  /** Where to send the browser, and what it keeps until it is back. @throws {RequestProblem} 503 */
  begin(): Promise<{ url: URL; attempt: SigningIn }>;
  /** @param callback with what the provider said @throws {RequestProblem} refused by it, by us, or for want of a role */
  finish(callback: URL, attempt: SigningIn): Promise<Operator>;
}

export const createSignInProvider = (settings: OidcSettings & { PUBLIC_URL: string }): SignInProvider => {
  const redirectUri = `${settings.PUBLIC_URL}/sign-in/callback`;
  const discover = onceItWorks(() =>
    oidc.discovery(new URL(settings.OIDC_ISSUER), settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET, undefined, {
      // Its signature is checked although the token comes from the provider itself.
      execute: [
        oidc.enableNonRepudiationChecks,
        ...(settings.IDENTITY_ALLOW_LOOPBACK ? [oidc.allowInsecureRequests] : []),
      ],
      [oidc.customFetch]: (url, init) => fetchBounded(url, init as RequestInit),
      timeout: IDP_TIMEOUT_MS / 1_000,
    }),
  );
  return {
    begin: async () => {
      const provider = await discover();
      const attempt = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        verifier: oidc.randomPKCECodeVerifier(),
      };
      const url = oidc.buildAuthorizationUrl(provider, {
        redirect_uri: redirectUri,
        scope: settings.OIDC_SCOPE,
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
      });
      return { url, attempt };
    },
    finish: async (callback, { state, nonce, verifier }) => {
      const provider = await discover();
      const tokens = await oidc
        .authorizationCodeGrant(provider, callback, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        .catch((error: Error) => {
          if (error.name === 'TimeoutError' || error.cause instanceof TypeError)
            throw unavailable('the identity provider');
          throw new RequestProblem(
            'unauthenticated',
            'the identity provider did not sign you in; begin again at /sign-in',
          );
        });
      const claims: Record<string, unknown> = { ...tokens.claims() };
      const role = roleOf(claims[settings.OIDC_ROLE_CLAIM], settings);
      if (!role)
        throw new RequestProblem('missing-role', 'you are signed in, but may not see these pages; ask who runs them');
      return { role, subject: String(claims['sub']).slice(0, 255) };
    },
  };
};

/** Operator before viewer; without either, nobody. */
const roleOf = (
  claim: unknown,
  { OIDC_OPERATOR_VALUES, OIDC_VIEWER_VALUES }: OidcSettings,
): OperatorRole | undefined => {
  const has = (wanted: string[]) => [claim].flat().some((value) => typeof value === 'string' && wanted.includes(value));
  if (has(OIDC_OPERATOR_VALUES)) return 'operator';
  return has(OIDC_VIEWER_VALUES) ? 'viewer' : undefined;
};

/** Discovery is asked for when somebody first signs in, and again as long as it fails. */
const onceItWorks = (discover: () => Promise<oidc.Configuration>): (() => Promise<oidc.Configuration>) => {
  let found: Promise<oidc.Configuration> | undefined;
  return () => {
    found ??= discover().catch(() => {
      found = undefined;
      throw unavailable('the identity provider');
    });
    return found;
  };
};
