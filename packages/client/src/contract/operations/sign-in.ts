import { TokenRequest, TokenResponse } from '../token.ts';
import type { Operation } from './operation.ts';

export const signInOperations = {
  issueToken: {
    method: 'post',
    path: '/oauth2/token',
    summary: 'Exchange client credentials for a short-lived token',
    form: TokenRequest,
    answer: { status: 200, schema: TokenResponse, description: 'a bearer token' },
    problems: {
      400: 'not a client-credentials request',
      401: 'unknown client or wrong secret',
      429: 'too many attempts',
    },
  },
} as const satisfies Record<string, Operation>;
