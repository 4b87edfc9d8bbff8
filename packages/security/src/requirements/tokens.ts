import { chapter } from '../requirement.ts';

const auth = 'apps/api/test/auth.test.ts';
const token = 'apps/api/test/token.test.ts';
const rotation = 'apps/api/test/rotation.test.ts';
const external = 'apps/api/test/external-issuer.test.ts';

export const tokens = chapter('tokens', 'Who is calling', [
  [
    'The algorithm is ours, never the token’s: neither none, nor a public key taken for the secret of a MAC.',
    'ASVS 5.0 9.1.2, RFC 8725 2.1, RFC 8725 3.1',
    { [auth]: [/^JWT: 2\.1 /, /^JWT: 3\.1 /] },
  ],
  [
    'A token is accepted only with a valid signature over exactly what it says.',
    'ASVS 5.0 9.1.1, RFC 8725 3.3, API2:2023',
    { [auth]: [/^JWT: 3\.3 /] },
  ],
  [
    'Keys, and where to find them, that a token brings along count for nothing.',
    'ASVS 5.0 9.1.3, RFC 8725 3.10',
    { [auth]: [/^JWT: 3\.10 /] },
  ],
  [
    'A token for another audience or of another issuer is refused, and so is one that names none.',
    'ASVS 5.0 9.2.3, ASVS 5.0 10.3.1, RFC 8725 3.8, RFC 8725 3.9',
    { [auth]: [/^JWT: 3\.8 /, /^JWT: 3\.9 /] },
  ],
  [
    'What is signed for another purpose is no access token.',
    'ASVS 5.0 9.2.2, RFC 8725 3.11, RFC 9068 2.1',
    { [auth]: [/^JWT: 3\.11 /] },
  ],
  [
    'A token is good for its own time alone, which it has to say.',
    'ASVS 5.0 9.2.1, RFC 7519 4.1.4, RFC 7519 4.1.5',
    { [auth]: [/^JWT: RFC 7519 /, 'an expired token is told apart from a wrong one'] },
  ],
  [
    'A token that asks for extensions which we do not know is refused.',
    'RFC 7515 4.1.11, RFC 7797 6',
    { [auth]: [/^JWT: RFC 7515 4\.1\.11 /, /^JWT: RFC 7797 /] },
  ],
  [
    'A token names its tenant and its client, and is of a bounded size and form.',
    'RFC 9068 2.2, API4:2023',
    { [auth]: [/^JWT: RFC 9068 2\.2 /, /^JWT: no size that is ours /, /^JWT: nothing but garbage /] },
  ],
  [
    'Tokens travel in one Authorization header, and never in an address.',
    'ASVS 5.0 14.2.1, RFC 6750 2',
    {
      [auth]: [
        'several Authorization headers are refused, whichever of them is genuine',
        'a token counts in the Authorization header alone',
      ],
    },
  ],
  [
    'Without a token nothing is done, and the answer says how to get one.',
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
    'Of a client secret the database has the hash alone, and no list shows what could be used.',
    'ASVS 5.0 6.5.2, ASVS 5.0 11.4.1',
    {
      [token]: ['a secret is stored as its hash alone'],
      [rotation]: ['of secrets nothing is listed that could be used, and none is stored'],
    },
  ],
  [
    'Secrets cannot be guessed at speed: token requests are limited by address.',
    'ASVS 5.0 6.3.1, API2:2023, API4:2023',
    { 'apps/api/test/rate-limit.test.ts': ['tokens can be asked for only so often from one address, whoever asks'] },
  ],
  [
    'The signing key changes under load without one failed request.',
    'ASVS 5.0 13.3.4, ASVS 5.0 11.2.2',
    { [rotation]: ['the signing key is changed, one process after the other, under load, with no failed request'] },
  ],
  [
    'A client secret changes under load without one failed request; two are good at a time, and no more.',
    'ASVS 5.0 13.3.4, ASVS 5.0 6.5.6',
    {
      [rotation]: [
        'a client secret is changed under load, with no failed request',
        'a client has two secrets at a time and no more, and an expired one counts no longer',
      ],
    },
  ],
  [
    'A revoked secret or client gets no token, and the tokens that it has end.',
    'ASVS 5.0 6.5.6, ASVS 5.0 7.4.1, ASVS 5.0 8.3.2, API2:2023',
    {
      [rotation]: [
        'a revoked secret gives no token at once, the tokens that it gave end, and those of the other go on',
        'a revoked client gets no token at once, and the tokens that it has end',
      ],
      'packages/database/test/row-security.test.ts': [
        'signing in reads the one client that is named, until it is revoked',
        'a revoked client and a revoked secret are told to every API process, and nothing else of them',
      ],
    },
  ],
  [
    'Keys of tokens and keys of proof bundles are published, and never taken for one another.',
    'ASVS 5.0 9.2.2, RFC 7517 4.2',
    { [rotation]: ['the public keys of tokens and of proof bundles are told apart'] },
  ],
  [
    'A token of an identity provider is refused unless everything about it is as expected.',
    'ASVS 5.0 10.3.1, ASVS 5.0 10.3.3, ASVS 5.0 6.8.2',
    { [external]: [/^external issuer: .* is refused$/] },
  ],
  [
    'It speaks for a client that it was linked to, with scopes that both the token and the client have.',
    'ASVS 5.0 10.3.2, API5:2023',
    {
      [external]: [
        'a token of the identity provider speaks for the client that its subject is linked to',
        'a scope counts if the token has it and the client as well',
        'a revoked client is refused, whoever vouches for it',
      ],
    },
  ],
  [
    'The provider’s keys change without a restart, outlast its outages, and a flood of unknown ones is bounded.',
    'ASVS 5.0 16.5.2, API4:2023, API10:2023',
    {
      [external]: [
        'keys change without a restart, and one that is withdrawn counts no longer',
        'while the identity provider is away, the keys that are known go on counting',
        'a flood of unknown keys asks the identity provider once in a cool-down, away or not',
        /^keys: an answer that is .* gives none, and the caller hears "later"$/,
      ],
    },
  ],
]);
