import { chapter } from '../requirement.ts';

const rows = 'packages/database/test/row-security.test.ts';
const privileges = 'packages/database/test/privileges.test.ts';
const tenants = 'apps/api/test/tenants.test.ts';

export const access = chapter('access', 'Who may do what, and tenants apart', [
  [
    'Every operation needs a token and its own scope.',
    'ASVS 5.0 8.2.1, ASVS 5.0 10.3.2, API5:2023',
    { 'apps/api/test/auth.test.ts': ['every operation but the token endpoint needs a token, and its scope'] },
  ],
  [
    'Row-level security binds every table, and its owner too.',
    'ASVS 5.0 8.4.1, API1:2023',
    { [rows]: ['row-level security binds every table, and its owner'] },
  ],
  [
    'A connection that has named no tenant sees no row of any.',
    'ASVS 5.0 8.4.1, ASVS 5.0 16.5.3',
    { [rows]: [/: .* shows no row before a tenant is set$/] },
  ],
  [
    'Whoever asks for another tenant’s rows gets none of them, in each table and by each role.',
    'ASVS 5.0 8.2.2, ASVS 5.0 8.4.1, API1:2023',
    { [rows]: [/: .* shows one tenant's rows, also when another's are asked for$/] },
  ],
  [
    'Nobody writes a row into another tenant, or changes one there.',
    'ASVS 5.0 8.4.1, API1:2023, API3:2023',
    {
      [rows]: [
        /^api: no row of another tenant goes into .*/,
        'worker: no row of another tenant goes into document',
        'no update reaches a row of another tenant',
      ],
    },
  ],
  [
    'A tenant’s own row cannot refer to another tenant’s.',
    'ASVS 5.0 8.4.1, API1:2023',
    { [rows]: [/: one tenant's own row cannot refer to another's: /] },
  ],
  [
    'No role of a process bypasses row-level security, owns anything, or belongs to a role that does.',
    'ASVS 5.0 13.2.2, ASVS 5.0 8.3.1',
    { [privileges]: ['no role bypasses row-level security, owns anything or belongs to one that does'] },
  ],
  [
    'Each role has just its grants: what it may not, it is refused.',
    'ASVS 5.0 13.2.2, ASVS 5.0 13.3.2',
    {
      [privileges]: [/ may not: /],
      'packages/database/test/events.test.ts': [/ may not: /],
      'packages/database/test/webhooks.test.ts': [/ may not: /],
    },
  ],
  [
    'The sweeper sees ids and times of all tenants, and nothing else of them.',
    'ASVS 5.0 13.2.2, ASVS 5.0 14.2.6, GDPR Art. 25',
    { [privileges]: ['the sweeper sees of every tenant what it needs, and nothing else'] },
  ],
  [
    'Lists show one tenant, whatever filter or cursor is sent.',
    'ASVS 5.0 8.2.2, API1:2023',
    { [tenants]: ['lists show one tenant, whatever is asked for'] },
  ],
  [
    'Numbers and external ids of other tenants are neither taken nor told.',
    'ASVS 5.0 8.2.2, API1:2023',
    { [tenants]: ['numbers and externalIds of others are neither taken nor told'] },
  ],
  [
    'An idempotency key belongs to one client and one route.',
    'ASVS 5.0 8.2.2, API1:2023',
    { 'apps/api/test/idempotency.test.ts': ['a key belongs to one client and one route'] },
  ],
  [
    'An id that is no UUID is answered like one that nobody has.',
    'ASVS 5.0 16.5.1, API1:2023',
    { 'apps/api/test/bad-requests.test.ts': ['an id that is no UUID is answered like one that nobody has'] },
  ],
  [
    'A tenant’s settings never stay behind on a connection for the next one.',
    'ASVS 5.0 8.4.1, ASVS 5.0 15.4.1',
    { 'packages/database/test/tenants.test.ts': ['asking for the defaults leaves no tenant behind on the connection'] },
  ],
  [
    'The queues are for operators who signed in, and show without letting anybody change.',
    'ASVS 5.0 8.4.2, ASVS 5.0 13.4.5, API5:2023',
    {
      'apps/api/test/queues.test.ts': ['the queues are for operators who signed in', 'operators look and do not touch'],
    },
  ],
  [
    'A webhook endpoint is managed by clients that may manage them, and no others.',
    'ASVS 5.0 8.2.1, API5:2023',
    { 'apps/api/test/webhooks.test.ts': ['webhooks are for clients that may manage them, which new clients may'] },
  ],
  [
    'An export holds documents of its own tenant alone.',
    'ASVS 5.0 8.4.1, API1:2023',
    {
      'packages/database/test/exports.test.ts': [
        'an export has the documents of its own tenant that match and were ready when it was created, page by page',
      ],
    },
  ],
]);
