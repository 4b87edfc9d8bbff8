import { chapter } from '../requirement.ts';

const transitTests = 'apps/api/test/transit.test.ts';
const requireTls = 'packages/telemetry/test/require-tls.test.ts';

export const transit = chapter('transit', 'On the way', [
  [
    'In production, plaintext to another machine is refused at start, with the remedy.',
    'ASVS 5.0 12.3.1, ASVS 5.0 12.3.3, PCI DSS 4.0 4.2.1',
    {
      [requireTls]: [
        'in production, plaintext to another machine is refused at start, with the remedy, and without a secret',
        'in production, verified TLS and this machine are accepted',
      ],
    },
  ],
  [
    'PostgreSQL is spoken to under a certificate of its name.',
    'ASVS 5.0 12.3.2, ASVS 5.0 12.3.4',
    { [transitTests]: [/^PostgreSQL: .* takes the right certificate under the right name, and nothing else$/] },
  ],
  [
    'Redis is spoken to under a certificate of its name.',
    'ASVS 5.0 12.3.2, ASVS 5.0 12.3.4',
    { [transitTests]: [/^Redis: .* takes the right certificate under the right name, and nothing else$/] },
  ],
  [
    'S3 is spoken to under a certificate of its name, and its policy refuses plaintext to everybody.',
    'ASVS 5.0 12.3.2, ASVS 5.0 12.3.4',
    {
      [transitTests]: [/^S3: .* takes the right certificate under the right name, and nothing else$/],
      'packages/storage/test/policies.test.ts': ['S3 policy: plaintext is refused to everybody'],
    },
  ],
  [
    'The API serves TLS itself, with HSTS, and takes a new certificate without a restart.',
    'ASVS 5.0 12.1.1, ASVS 5.0 12.2.1, ASVS 5.0 3.4.1, RFC 9325 3.1.1',
    {
      'apps/api/test/tls.test.ts': [
        'the API serves TLS itself, with HSTS, and takes a new certificate without a restart',
      ],
    },
  ],
]);
