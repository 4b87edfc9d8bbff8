import { chapter } from '../requirement.ts';

const lifecycle = 'packages/database/test/lifecycle.test.ts';
const leases = 'packages/database/test/leases.test.ts';
const idempotency = 'apps/api/test/idempotency.test.ts';

export const integrity = chapter('integrity', 'Nothing lost, doubled or rewritten', [
  [
    'Nothing about a ready or canceled invoice changes, nor its documents, whoever asks.',
    'ASVS 5.0 2.3.1, GoBD 107, 2006/112/EC Art. 233',
    { [lifecycle]: ['nothing about a ready or canceled invoice changes, nor its documents, whoever asks'] },
  ],
  [
    'An invoice goes along the edges of its lifecycle, and nowhere else.',
    'ASVS 5.0 2.3.1, API6:2023',
    { [lifecycle]: [/^from .* nobody goes where the lifecycle has no edge$/] },
  ],
  [
    'Whoever lost the lease writes nothing at all.',
    'ASVS 5.0 15.4.2',
    { [leases]: ['whoever lost the lease writes nothing at all', 'of simultaneous claims one gets the lease'] },
  ],
  [
    'Numbers of a series have no gap, also when a transaction throws.',
    'ASVS 5.0 2.3.3, 2006/112/EC Art. 226(2), GoBD 94',
    {
      'packages/database/test/transactions.test.ts': [
        'a transaction that throws leaves nothing behind, and takes no number',
      ],
    },
  ],
  [
    'A repeated request gets the first answer, byte for byte, and stores nothing.',
    'ASVS 5.0 2.3.3, API6:2023',
    { [idempotency]: ['a repeated request gets the first answer, byte for byte, and stores nothing'] },
  ],
  [
    'A key that comes with another body is refused.',
    'ASVS 5.0 2.3.1',
    { [idempotency]: ['a key that comes with another body is refused'] },
  ],
  [
    'Concurrent twins store one invoice.',
    'ASVS 5.0 2.3.4, ASVS 5.0 15.4.2',
    {
      [idempotency]: [
        'concurrent twins store one invoice; each gets the answer or is told to wait',
        'concurrent twins of a batch store it once',
      ],
    },
  ],
  [
    'A crash before the answer is stored takes the work along.',
    'ASVS 5.0 2.3.3, ASVS 5.0 16.5.3',
    {
      'apps/api/test/idempotency-faults.test.ts': [
        'a crash before the answer is stored takes the work along, and the repetition does it once',
      ],
    },
  ],
  [
    'No invoice is credited beyond its total, however many try at once.',
    'ASVS 5.0 2.3.4, ASVS 5.0 2.3.2, API6:2023',
    {
      'packages/database/test/credit-notes.test.ts': [
        'whoever writes, and however many at once, no invoice is credited beyond its total',
      ],
    },
  ],
  [
    'Events have their place for good, without gaps, whoever writes.',
    'ASVS 5.0 16.4.2',
    {
      'packages/database/test/events.test.ts': [
        'a place once given stays, whoever writes',
        'a reader misses nothing while many write and several place',
      ],
    },
  ],
]);
