import { chapter } from '../requirement.ts';

const auth = 'apps/api/test/auth.test.ts';
const token = 'apps/api/test/token.test.ts';

export const tokens = chapter('tokens', 'Who is calling', [
  [
    'A token is accepted only with a valid signature over exactly what it says.',
    'ASVS 5.0 9.1.1, API2:2023',
    {
      [auth]: [
        'a token with a changed payload is refused',
        'a token with no signature is refused',
        'a token with another key is refused',
      ],
    },
  ],
  [
    'The algorithm is ours, never the token’s: none is refused in every spelling.',
    'ASVS 5.0 9.1.2, RFC 8725 3.1, RFC 8725 2.1',
    { [auth]: [/^a token with algorithm [Nn]one is refused$/] },
  ],
  [
    'A public key is never taken for the secret of a MAC.',
    'ASVS 5.0 9.1.2, RFC 8725 2.1, RFC 8725 3.2',
    { [auth]: [/^a token with HS256 .* is refused$/] },
  ],
  [
    'Keys that a token brings along count for nothing.',
    'ASVS 5.0 9.1.3, RFC 8725 3.10',
    { [auth]: ['a token with a key of its own in the header is refused', 'a token with another key id is refused'] },
  ],
  [
    'A token is good for its own time alone.',
    'ASVS 5.0 9.2.1',
    { [auth]: ['an expired token is told apart from a wrong one'] },
  ],
  [
    'A token for another audience or of another issuer is refused.',
    'ASVS 5.0 9.2.3, ASVS 5.0 10.3.1, RFC 8725 3.8, RFC 8725 3.9',
    { [auth]: ['a token with another audience is refused', 'a token with another issuer is refused'] },
  ],
  [
    'Tokens travel in the Authorization header alone, never in an address.',
    'ASVS 5.0 14.2.1, RFC 6750 2',
    { [auth]: ['a token counts in the Authorization header alone'] },
  ],
  [
    'Without a token, nothing is done, and the answer says how to get one.',
    'ASVS 5.0 8.2.1, RFC 6750 3, API2:2023',
    { [auth]: ['without a token the answer says how to get one', 'who is refused stores nothing'] },
  ],
  [
    'Tokens are short-lived, and carry no more scopes than their client has.',
    'ASVS 5.0 10.4.11, RFC 6749 3.3',
    {
      [token]: [
        'client credentials in a form become a short-lived token',
        'a client gets what it asks for of what it may do, and no more',
      ],
    },
  ],
  [
    'Unknown, wrong and revoked credentials cannot be told apart.',
    'ASVS 5.0 6.3.8, API2:2023',
    { [token]: ['unknown, wrong and revoked credentials are answered alike'] },
  ],
  [
    'Credentials are taken from the body or the Authorization header, never from the address.',
    'ASVS 5.0 14.2.1, RFC 6749 2.3.1',
    { [token]: ['credentials in the address do not count'] },
  ],
  [
    'A token request is understood as a whole or refused: no field twice, none unknown, no other grant.',
    'ASVS 5.0 10.4.4, ASVS 5.0 15.3.7, RFC 6749 3.2',
    {
      [token]: [
        /^a token request with .* is refused$/,
        'a token request that is no form, or none that can be read, is refused',
      ],
    },
  ],
  [
    'Of a client secret the database has the hash alone.',
    'ASVS 5.0 6.5.2, ASVS 5.0 11.4.1',
    { [token]: ['a secret is stored as its hash alone'] },
  ],
  [
    'Secrets cannot be guessed at speed: token requests are limited by address.',
    'ASVS 5.0 6.3.1, API2:2023, API4:2023',
    { 'apps/api/test/rate-limit.test.ts': ['tokens can be asked for only so often from one address, whoever asks'] },
  ],
  [
    'Signing in reads the one client that is named, and finds a revoked one no more.',
    'ASVS 5.0 6.5.6, ASVS 5.0 13.2.2',
    {
      'packages/database/test/row-security.test.ts': [
        'signing in reads the one client that is named, until it is revoked',
      ],
    },
  ],
]);
