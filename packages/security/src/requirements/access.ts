import { chapter } from '../requirement.ts';

const rows = 'packages/database/test/row-security.test.ts';
const privileges = 'packages/database/test/privileges.test.ts';
const tenants = 'apps/api/test/tenants.test.ts';
const everyTable = 'packages/database/test/every-table.test.ts';
const grants = 'packages/database/test/grants.test.ts';
const foreign = 'apps/api/test/foreign-ids.test.ts';

export const access = chapter('access', 'Who may do what, and tenants apart', [
  [
    'Every operation needs a token, and its own scope of all scopes.',
    'ASVS 5.0 8.2.1, ASVS 5.0 10.3.2, API5:2023',
    {
      'apps/api/test/auth.test.ts': [
        /^scope: .* needs a token, and .* of all scopes$/,
        'only the token endpoint asks for no scope',
      ],
    },
  ],
  [
    'Row-level security binds every table of the catalog, whatever was added last, and its owner too.',
    'ASVS 5.0 8.4.1, API1:2023',
    {
      [rows]: ['row-level security binds every table, and its owner'],
      [everyTable]: ['every table belongs to tenants, and row-level security is enabled and forced on it'],
    },
  ],
  [
    'Every table is kept apart by the same policy, and no other opens it but those written down.',
    'ASVS 5.0 8.4.1',
    {
      [everyTable]: [
        'every table is kept apart by the same policy, and no other policy opens it but those written down',
      ],
    },
  ],
  [
    'Every reference between rows names the tenant on both sides.',
    'ASVS 5.0 8.4.1, API1:2023',
    { [everyTable]: ['every reference between rows of tenants names the tenant on both sides'] },
  ],
  [
    'Of every table, API and workers see and change the rows of one tenant.',
    'ASVS 5.0 8.2.2, ASVS 5.0 8.4.1, API1:2023',
    { [everyTable]: [/: of every table it sees and changes the rows of its tenant, and none of another$/] },
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
    'Each role has the grants that are written down, and whatever else it tries is refused.',
    'ASVS 5.0 13.2.2, ASVS 5.0 13.3.2',
    {
      [grants]: [
        'each role has the grants that are written down, for every table of the catalog, and no other',
        /: what is granted works, and whatever else it tries is refused$/,
      ],
      [privileges]: [/ may not: /],
    },
  ],
  [
    'No function lends its owner’s rights, but the one that tells events.',
    'ASVS 5.0 13.2.2',
    {
      [grants]: [
        'each function is open to the roles that are written down; only the teller of events has its owner’s rights',
      ],
    },
  ],
  [
    'An auditor reads every tenant and changes nothing.',
    'ASVS 5.0 13.2.2, GoBD 145',
    {
      [everyTable]: ['auditor: it reads the rows of every tenant'],
      'packages/database/test/audit.test.ts': ['the auditor reads every trail, no secret, and writes nothing'],
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
    'Every operation answers for a foreign id byte for byte as for an unknown one.',
    'ASVS 5.0 8.2.2, API1:2023',
    { [foreign]: ['every operation answers for a foreign id byte for byte as for an unknown one: 404'] },
  ],
  [
    'No answer names a row of another tenant, whether list, cursor, event or resource.',
    'ASVS 5.0 8.2.2, API1:2023, API3:2023',
    { [foreign]: ['no answer to one tenant names a row of another: lists, cursors, events, one’s own resources'] },
  ],
  [
    'What a submission names is looked for among one’s own.',
    'ASVS 5.0 8.2.2, API1:2023',
    { [foreign]: ['what a submission names is looked for among one’s own: series, seller profile, template, logo'] },
  ],
  [
    'A pre-signed URL opens the one object that it was made for.',
    'ASVS 5.0 8.2.2, API1:2023',
    { [foreign]: ['a pre-signed URL opens the one object that it was made for, in no other tenant’s folder'] },
  ],
  [
    'In S3, workers store and compare, the API reads, and nobody else does anything.',
    'ASVS 5.0 13.2.2, API8:2023',
    {
      'packages/storage/test/policies.test.ts': [
        'S3 policy: a worker stores and compares documents, and deletes archives of exports alone',
        'S3 policy: the API reads documents and signs links to them, and writes nothing',
        'S3 policy: nobody else reads, lists or writes, with a name or without one',
      ],
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
