import { chapter } from '../requirement.ts';

const faults = 'packages/supply-chain/test/faults.test.ts';
const shape = 'packages/stack/test/production-shape.test.ts';

export const operations = chapter('operations', 'How it runs', [
  [
    'Every container is unprivileged, read-only and bounded, and its image pinned.',
    'ASVS 5.0 13.2.2, ASVS 5.0 15.2.4, API8:2023',
    { [shape]: ['every container is unprivileged, read-only and bounded, and its image pinned'] },
  ],
  [
    'Only the gateway publishes ports.',
    'ASVS 5.0 13.4.5, API8:2023',
    { [shape]: ['only the gateway publishes ports'] },
  ],
  [
    'The example of the settings holds no secret and explains every variable.',
    'ASVS 5.0 13.2.3, ASVS 5.0 13.1.4',
    {
      [shape]: [
        '.env.example holds no secret, and shows the defaults that the processes have',
        '.env.example explains every setting and no other',
      ],
    },
  ],
  [
    'Code reads the environment in one place of each app, and imports along the arrows of the map alone.',
    'ASVS 5.0 15.2.3',
    {
      'packages/stack/test/lint.test.ts': [
        'lint refuses imports against the direction, stray environment reads, floating promises, any and !',
      ],
    },
  ],
  [
    'Dependencies come from one registry, in fixed versions.',
    'ASVS 5.0 15.2.4',
    { [faults]: ['a package from beside the registry, or of no fixed version, is refused'] },
  ],
  [
    'Nothing is shipped whose licence nobody looked at.',
    'ISO/IEC 5230 3.3',
    { [faults]: ['a licence that nobody looked at is refused'] },
  ],
  [
    'A bill of materials says what we are made of, in the same bytes each time.',
    'ASVS 5.0 15.1.2',
    {
      [faults]: ['the bill of materials says what it is made of, in the same bytes each time'],
      'packages/supply-chain/test/sbom.test.ts': [
        'the bill of materials of this workspace is valid by the official schema',
      ],
    },
  ],
  [
    'A key in the source is found, and not repeated.',
    'ASVS 5.0 13.3.1',
    { [faults]: ['a key in a file is found, and not repeated'] },
  ],
  [
    'An image that runs as root, keeps a secret, floats or runs what it fetches is refused.',
    'ASVS 5.0 13.2.2, API8:2023',
    { [faults]: ['an image that runs as root, keeps a secret, floats or runs what it fetches is refused'] },
  ],
  [
    'A database that is gone means "come back", and nothing half done.',
    'ASVS 5.0 16.5.2, ASVS 5.0 16.5.3',
    { 'apps/api/test/outages.test.ts': [/, requests are told to come back, and so is who asks for a token$/] },
  ],
  [
    'Who waits too long for a lock is told to come back, and has taken no number.',
    'ASVS 5.0 15.4.3',
    {
      'apps/api/test/outages.test.ts': ['who waits too long for a lock is told to come back, and has taken no number'],
    },
  ],
]);
