import { chapter } from '../requirement.ts';

const queues = 'apps/api/test/queues.test.ts';
const oidc = 'apps/api/test/oidc.test.ts';

export const people = chapter('people', 'People, and their sessions', [
  [
    'The queues are for people who signed in.',
    'ASVS 5.0 8.4.2, ASVS 5.0 13.4.5, API5:2023',
    { [queues]: ['the queues are for operators who signed in'] },
  ],
  [
    'A sign-in link works once, however many use it at a time; looking at it does not use it up.',
    'ASVS 5.0 6.5.1',
    {
      [queues]: [
        'a sign-in link works once, however many use it at a time, and after signing out as well',
        'a sign-in link shows a button, and only that uses it up',
      ],
    },
  ],
  [
    'Sign-in links that are expired, forged or of somebody else are refused, and cannot be tried at speed.',
    'ASVS 5.0 6.5.5, ASVS 5.0 6.6.3',
    {
      [queues]: ['expired, forged and foreign sign-in links are refused'],
      'apps/api/test/rate-limit.test.ts': ['sign-in links can be tried only so often from one address'],
    },
  ],
  [
    'No script reads a session, and no other site sends it along.',
    'ASVS 5.0 3.3.2, ASVS 5.0 3.3.4',
    { [queues]: ['a session cookie is HttpOnly and SameSite'] },
  ],
  [
    'Over TLS a session travels by TLS alone, and to its own host.',
    'ASVS 5.0 3.3.1, ASVS 5.0 3.3.3',
    { [queues]: ['over TLS a session cookie is Secure, and of its host alone'] },
  ],
  [
    'Signing in gives a new session and ends the one before.',
    'ASVS 5.0 7.2.4',
    { [queues]: ['signing in ends the session before, and gives another id'] },
  ],
  [
    'Sessions end by themselves, idle or not.',
    'ASVS 5.0 7.3.1, ASVS 5.0 7.3.2',
    { [queues]: [/^a session that is .* is over$/] },
  ],
  [
    'Who signs out is out, whatever was kept.',
    'ASVS 5.0 7.4.1',
    { [queues]: ['who signs out is out, whatever cookie was kept'] },
  ],
  [
    'The database holds no session id that could be used, and shows a session to whoever holds its id alone.',
    'ASVS 5.0 7.2.3, ASVS 5.0 11.4.1',
    {
      [queues]: ['the database holds no session id that could be used'],
      'packages/database/test/row-security.test.ts': [
        'an operator session is seen by whoever holds its id, and by no other',
      ],
    },
  ],
  [
    'Viewers look and change nothing; nobody takes jobs away or makes others up.',
    'ASVS 5.0 8.2.1, API5:2023',
    {
      [queues]: [
        'a viewer sees the queues and changes nothing',
        'nobody takes jobs away, changes them or makes others up',
      ],
    },
  ],
  [
    'Another site changes nothing by a person’s browser.',
    'ASVS 5.0 3.5.1',
    { [queues]: [/^CSRF: what comes from .* changes nothing$/] },
  ],
  [
    'People sign in by OpenID Connect with PKCE, state and nonce; a callback counts once, where it began.',
    'ASVS 5.0 10.2.1, ASVS 5.0 10.5.1, RFC 9700 2.1.1',
    {
      [oidc]: [
        'a person whom the identity provider calls an operator signs in, with PKCE, state and nonce',
        'a callback counts once, in the browser that began, with the state that it was given',
      ],
    },
  ],
  [
    'Whom the identity provider gives no role of ours gets no session.',
    'ASVS 5.0 8.2.1',
    { [oidc]: ['a person to whom it gives no role of ours gets no session'] },
  ],
]);
