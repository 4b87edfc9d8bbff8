import { scopes as allScopes, TokenRequest, type Scope, type TokenResponse } from '@invoicepress/client';
import { findClientForSignIn } from '@invoicepress/database';
import type { Request, RequestHandler } from 'express';
import { matchSecret } from '../auth/client-secret.ts';
import type { Context } from '../context.ts';
import { pointers, RequestProblem } from '../problems.ts';

/** `POST /oauth2/token`: client credentials (RFC 6749, 4.4) become a short-lived access token. */
export const issueToken =
  ({ database, tokens, telemetry }: Pick<Context, 'database' | 'tokens' | 'telemetry'>): RequestHandler =>
  async (req, res) => {
    const request = TokenRequest.safeParse(req.body ?? {});
    if (!request.success) {
      const unsupported =
        typeof req.body?.grant_type === 'string' && request.error.issues.some(({ path }) => path[0] === 'grant_type');
      throw new RequestProblem(
        'invalid-grant-request',
        'send grant_type=client_credentials with client_id and client_secret as a form',
        {
          errors: pointers(request.error),
          extra: { error: unsupported ? 'unsupported_grant_type' : 'invalid_request' },
        },
      );
    }
    const { id, secret } = credentialsOf(req, request.data);
    const client = id === undefined ? null : await findClientForSignIn(database, id);
    const secretId = matchSecret(secret ?? '', client?.secrets ?? []);
    if (!secretId || !client) {
      telemetry.signInFailed({ clientId: id });
      throw new RequestProblem('invalid-client', 'the client id or the secret is wrong, or the client was revoked', {
        headers: { 'www-authenticate': 'Basic realm="Invoicepress"' },
        extra: { error: 'invalid_client' },
      });
    }
    const granted = grant(client.scopes, request.data.scope);
    const answer: TokenResponse = {
      access_token: tokens.issueAccess({
        tenantId: client.tenantId,
        clientId: client.clientId,
        secretId,
        scopes: granted,
      }),
      token_type: 'Bearer',
      expires_in: tokens.ttlSeconds,
      scope: granted.join(' '),
    };
    res.set({ 'cache-control': 'no-store', pragma: 'no-cache' }).json(answer);
  };

/** From the Authorization header (RFC 6749, 2.3.1) or from the form; never from the URL. */
const credentialsOf = (req: Request, form: { client_id?: string | undefined; client_secret?: string | undefined }) => {
  const [scheme, encoded = ''] = (req.get('authorization') ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic') return { id: form.client_id, secret: form.client_secret };
  const [id = '', secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 2);
  return { id: TokenRequest.shape.client_id.safeParse(id).data, secret };
};

/** What was asked for, as far as the client has it; asking for what it lacks is refused. */
const grant = (has: string[], asked: string | undefined): Scope[] => {
  const wanted = asked?.split(' ').filter(Boolean) ?? has;
  const lacking = wanted.filter((scope) => !has.includes(scope));
  if (lacking.length > 0) {
    throw new RequestProblem(
      'invalid-grant-request',
      `this client has the scopes ${has.join(', ')}, and not ${lacking.join(', ').slice(0, 200)}`,
      {
        extra: { error: 'invalid_scope' },
      },
    );
  }
  return allScopes.filter((scope) => wanted.includes(scope));
};
