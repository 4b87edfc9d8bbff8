import { chapter } from '../requirement.ts';

const signature = 'packages/proof/test/signature.test.ts';

export const cryptography = chapter('cryptography', 'Keys, signatures and secrets', [
  [
    'A proof bundle with a changed byte is found, wherever it is.',
    'ASVS 5.0 11.4.3, GoBD 107',
    {
      'packages/verify/test/verify-bundle.test.ts': [
        'a changed byte is found wherever it is',
        'a file that nobody listed is found',
      ],
    },
  ],
  [
    'A signature’s header chooses neither the algorithm nor the purpose of its key.',
    'ASVS 5.0 9.1.2, RFC 8725 3.1',
    { [signature]: ['a header chooses neither the algorithm nor the purpose'] },
  ],
  [
    'Another content, another key, and no signature at all are refused.',
    'ASVS 5.0 11.6.1',
    { [signature]: ['another content, another key, and no signature at all are refused'] },
  ],
  [
    'What a former key signed goes on to hold by the keys that are published.',
    'ASVS 5.0 11.2.2, ASVS 5.0 13.3.4',
    { [signature]: ['what a former key signed holds by the key set that is served today'] },
  ],
  [
    'Published keys have no private part.',
    'ASVS 5.0 13.3.2',
    { 'apps/api/test/proof.test.ts': ['the published keys are those in use and before, without a private one'] },
  ],
  [
    'A key that is too weak, or for another algorithm, is refused at the start.',
    'ASVS 5.0 11.2.3, ASVS 5.0 11.6.1',
    { 'apps/api/test/config.test.ts': ['a key for another algorithm is refused'] },
  ],
  [
    'Faulty settings are all named at once, and no value is shown.',
    'ASVS 5.0 16.5.1, API8:2023',
    { 'apps/api/test/config.test.ts': ['every faulty variable is named at once, and no value is shown'] },
  ],
  [
    'Credentials in the URLs of storage and queue stay out of errors.',
    'ASVS 5.0 16.2.5, ASVS 5.0 16.5.1',
    {
      'packages/storage/test/s3.test.ts': ['S3: credentials may come in the URL, and stay out of errors'],
      'packages/queue/test/settings.test.ts': [
        'a faulty setting is refused with its variable and the remedy, and without the password in it',
      ],
    },
  ],
  [
    'Objects are encrypted at rest as the setting says, and damage on the way is noticed.',
    'ASVS 5.0 14.2.4, ASVS 5.0 11.3.3',
    {
      'packages/storage/test/s3.test.ts': [
        'S3: objects are encrypted as the URL says',
        'S3: a body that was damaged on the way is refused by the server',
      ],
    },
  ],
  [
    'A secret comes from a variable, a file or a command, and one that cannot be had is not shown.',
    'ASVS 5.0 13.3.1, ASVS 5.0 16.5.1',
    {
      'packages/telemetry/test/secret-sources.test.ts': [/^a secret /],
      'prisma/test/settings.test.ts': [/^migrate /],
    },
  ],
  [
    'No secret is in a log, an answer, a queue, a table, a metric, a command line or a renderer.',
    'ASVS 5.0 13.3.2, ASVS 5.0 16.2.5, ASVS 5.0 14.2.3',
    {
      'packages/stack/test/guarded-secrets.test.ts': [
        'no secret is in a log, an answer, a queue, a table, a metric, a command line or a renderer’s environment',
      ],
    },
  ],
  [
    'Database passwords change under load without one failed request.',
    'ASVS 5.0 13.3.4',
    {
      'packages/stack/test/guarded-secrets.test.ts': [
        'database passwords change under load, without a restart and without one failed request',
      ],
    },
  ],
  [
    'A Redis password and an S3 key change by a roll-out under load without one failed request.',
    'ASVS 5.0 13.3.4',
    {
      'packages/stack/test/rotation-drills.test.ts': [
        'a Redis password and an S3 key change by a roll-out under load, without one failed request',
      ],
    },
  ],
  [
    'Webhook secrets and the key that seals them change under load, and every webhook can be verified.',
    'ASVS 5.0 13.3.4, ASVS 5.0 11.2.2',
    {
      'apps/worker/test/rotation.test.ts': [
        'webhook secret and sealing key change under load, and no webhook comes that its receiver cannot verify',
      ],
    },
  ],
  [
    'The key that signs links changes in steps, and processes of two steps open what the others sign.',
    'ASVS 5.0 13.3.4',
    {
      'packages/storage/test/file.test.ts': [
        'file: the signing key changes in three steps, and processes of two steps open what the others sign',
      ],
      'apps/api/test/rotation.test.ts': [
        'the key that signs links is changed, one process after the other, under load, with no refused link',
      ],
    },
  ],
  [
    'What the embedded stack keeps its secrets in stays private.',
    'ASVS 5.0 13.3.2',
    {
      'packages/stack/test/secrets.test.ts': [
        'a file that lacks one of them is completed, keeps the others, and stays private',
      ],
    },
  ],
  [
    'A job in the queue carries ids and nothing else.',
    'ASVS 5.0 14.2.3, GDPR Art. 25',
    { 'packages/queue/test/deliver-webhook.test.ts': ['a delivery job carries ids and nothing else'] },
  ],
  [
    'With master keys, the database holds no content of an invoice that reads without them.',
    'ASVS 5.0 11.3.2, ASVS 5.0 14.2.4, GDPR Art. 32(1)(a)',
    {
      'apps/api/test/payload-encryption.test.ts': [
        'the database holds no content of an invoice, but what says how long it is to be kept',
        'a sealed invoice can be credited and proved, as long as its key is there',
      ],
      'apps/worker/test/payload-encryption.test.ts': [
        'what lies in the clear is rendered, and is sealed afterwards without a letter of it changed',
      ],
    },
  ],
  [
    'A sealed payload opens for its own invoice alone, and does not once it was changed.',
    'ASVS 5.0 11.3.3',
    {
      'apps/worker/test/payload-encryption.test.ts': [
        'a payload that was moved to another invoice, or changed, does not open',
      ],
    },
  ],
  [
    'The master key changes without a stop, and a worker that lacks it loses no invoice.',
    'ASVS 5.0 13.3.4, ASVS 5.0 11.2.2',
    {
      'apps/worker/test/payload-encryption.test.ts': [
        'a sealed invoice waits for a master key that its worker lacks, and is rendered when the key has changed',
      ],
    },
  ],
  [
    'Master keys that cannot be used are refused at the start, and not shown.',
    'ASVS 5.0 13.3.1, ASVS 5.0 16.5.1',
    {
      'packages/database/test/payload-settings.test.ts': [
        'master keys that cannot be used are refused with the fault, and none of them is shown',
      ],
    },
  ],
]);
