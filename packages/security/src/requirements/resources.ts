import { chapter } from '../requirement.ts';

const limit = 'apps/api/test/rate-limit.test.ts';
const body = 'apps/api/test/bad-body.test.ts';

export const resources = chapter('resources', 'How much anybody may use', [
  [
    'Each client has its requests a minute, and is told how many are left.',
    'ASVS 5.0 2.4.1, API4:2023',
    { [limit]: ['each client has its requests per minute, and is told how many are left'] },
  ],
  [
    'More API processes give nobody more requests.',
    'ASVS 5.0 2.4.1, API4:2023',
    { [limit]: ['with Redis, several API processes count together'] },
  ],
  [
    'More clients buy a tenant no more requests.',
    'ASVS 5.0 2.4.1, API4:2023',
    { [limit]: ['more clients do not buy a tenant more requests than it has'] },
  ],
  [
    'A tenant’s single invoice does not wait for the backlog of another, and no tenant starves.',
    'ASVS 5.0 15.4.4, API4:2023',
    {
      'packages/queue/test/turns.test.ts': [
        /: a tenant's single invoice does not wait for the 600 of another$/,
        /: two tenants that are busy alternate, each in its own order$/,
      ],
    },
  ],
  [
    'Turns hold across processes, and in a queue that was emptied and filled again.',
    'ASVS 5.0 15.4.4',
    {
      'packages/queue/test/turns.test.ts': [
        /: what several processes enqueue for one tenant holds up another by a job each$/,
        /: turns are as fair when a sweeper fills a queue that was emptied$/,
      ],
    },
  ],
  [
    'A used-up day answers 429 with the time of the next, and leaves nothing behind.',
    'ASVS 5.0 2.3.2, API4:2023, API6:2023, RFC 6585 4',
    {
      'apps/api/test/quotas.test.ts': [
        'a used-up day answers 429 until midnight UTC, leaves nothing behind, and repeats what was accepted',
        'a batch is accepted up to the quota, with an outcome for each invoice',
      ],
    },
  ],
  [
    'Batches and stored bytes are bounded for each tenant.',
    'ASVS 5.0 5.2.4, API4:2023',
    {
      'apps/api/test/quotas.test.ts': [
        'a batch larger than a tenant may send is refused whole',
        'a tenant whose documents fill its storage hands in no more',
      ],
    },
  ],
  [
    'A quota holds however many race for the rest of it.',
    'ASVS 5.0 2.3.4, ASVS 5.0 15.4.2',
    {
      'packages/database/test/quotas.test.ts': [
        'submissions that race for the rest of a day take all of it, and no more',
      ],
    },
  ],
  [
    'What a process asks of S3 is bounded, and a used-up bound costs no invoice an attempt.',
    'ASVS 5.0 13.1.3, API4:2023',
    {
      'packages/storage/test/quota.test.ts': [/^quota: /],
      'apps/worker/test/failures.test.ts': ['a quota of storage that is used up costs no attempt either'],
    },
  ],
  [
    'Bodies are bounded, said to be of any length or of none.',
    'ASVS 5.0 5.2.1, API4:2023',
    {
      [body]: [
        'a body beyond the limit is refused with the limit',
        'a body of unknown length is refused once it passes the limit',
      ],
    },
  ],
  [
    'What unpacks to more than the limit is refused.',
    'ASVS 5.0 5.2.3, API4:2023',
    { [body]: [/^what unpacks \(.*\) to more than the limit is refused$/] },
  ],
  [
    'Nesting is bounded wherever it stands.',
    'ASVS 5.0 15.2.2, API4:2023',
    { [body]: ['JSON nested beyond reason is refused wherever it stands'] },
  ],
  [
    'A tenant has so many webhook endpoints and no more, also when many are made at once.',
    'ASVS 5.0 2.3.4, API4:2023',
    { 'apps/api/test/webhooks.test.ts': ['a tenant has twenty endpoints at most, also when many are created at once'] },
  ],
  [
    'Proof bundles in the making share a bounded memory.',
    'ASVS 5.0 15.2.2, API4:2023',
    {
      'apps/api/test/proof.test.ts': [
        'bundles in the making share their memory, and give it back',
        'an invoice whose documents are too large for a bundle is refused before they are read',
      ],
    },
  ],
  [
    'Idle and half-open connections keep no process from ending.',
    'ASVS 5.0 15.2.2',
    { 'apps/api/test/shutdown.test.ts': ['idle and half-open connections do not keep it'] },
  ],
  [
    'Receivers that hang hold up neither rendering nor the deliveries of others.',
    'ASVS 5.0 15.4.4, ASVS 5.0 15.2.2',
    {
      'apps/worker/test/webhooks.test.ts': [
        'receivers that hang hold up neither rendering nor the deliveries of others',
      ],
    },
  ],
  [
    'A storage server that fails is left alone for a while, and callers are told at once.',
    'ASVS 5.0 16.5.2',
    {
      'packages/storage/test/breaker.test.ts': [
        /^breaker: when the server .*, callers are told, and then it is left alone$/,
      ],
    },
  ],
  [
    'A flood of different names makes no metrics of its own.',
    'ASVS 5.0 15.2.2',
    { 'packages/telemetry/test/telemetry.test.ts': ['a flood of different names ends up in one series'] },
  ],
]);
