import { chapter } from '../requirement.ts';

const tests = 'apps/api/test/privacy.test.ts';
const sealed = 'apps/api/test/payload-encryption.test.ts';

export const privacy = chapter('privacy', 'Personal data', [
  [
    'An export has all that is kept of a buyer, or of a tenant, and no secret.',
    'GDPR Art. 15, GDPR Art. 20',
    { [tests]: ['an export has all that is kept of a buyer, or of a tenant, and no secret'] },
  ],
  [
    'What was never issued, or need not be kept any more, leaves nothing of its buyer.',
    'GDPR Art. 17(1)',
    { [tests]: ['what was never issued, or need not be kept any more, leaves nothing of its buyer but a number'] },
  ],
  [
    'What the law wants kept stays as it was issued, and loses what nobody has to keep.',
    'GDPR Art. 17(3)(b), AO 147(3)',
    { [tests]: ['what the law wants kept stays as it was issued, and loses what nobody has to keep'] },
  ],
  [
    'A legal hold keeps an invoice from erasure until it is released.',
    'GDPR Art. 17(3)(e)',
    { [tests]: ['a legal hold keeps an invoice, or all of a tenant, from erasure until it is released'] },
  ],
  ['Erasure touches nobody else.', 'API1:2023, GDPR Art. 32', { [tests]: [/^nobody else's invoices are touched/] }],
  [
    'Retention follows the law of the seller’s country, and goes on where a crash has stopped it.',
    'GDPR Art. 5(1)(e), AO 147(3), ASVS 5.0 14.2.7',
    { [tests]: [/^retention follows the law of the seller's country/] },
  ],
  [
    'The role that erases takes from an issued invoice what it may, and only in order.',
    'GDPR Art. 25, GDPR Art. 32, ASVS 5.0 13.2.2',
    {
      'packages/database/test/privileges.test.ts': [
        'the role that erases takes nothing from an issued invoice but what it may, and only in order',
      ],
    },
  ],
  [
    'Destroying a tenant’s key is refused while anything must be kept, and erases all of it otherwise.',
    'GDPR Art. 17(1), GDPR Art. 17(3)(b), ASVS 5.0 14.2.7',
    {
      [sealed]: [
        'destroying the key of a tenant is refused while anything must be kept, and erases all of it otherwise',
        'a tenant whose key was destroyed gets a new one with its next invoice',
      ],
      'packages/database/test/privileges.test.ts': [
        'the role that erases destroys a key for good, and does nothing else with it',
      ],
      'apps/worker/test/payload-encryption.test.ts': [
        'a queued invoice whose key is destroyed fails at once, with the remedy',
      ],
    },
  ],
  [
    'A buyer is found, exported and erased, whether the invoice is sealed or not.',
    'GDPR Art. 15, GDPR Art. 17(1)',
    { [sealed]: ['a buyer is found, exported in the clear and erased, sealed or not'] },
  ],
]);
