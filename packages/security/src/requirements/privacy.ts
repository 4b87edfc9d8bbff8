import { chapter } from '../requirement.ts';

const tests = 'apps/api/test/privacy.test.ts';
const sealed = 'apps/api/test/payload-encryption.test.ts';
const stored = 'apps/api/test/stored-objects.test.ts';

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
    'An erased invoice leaves nothing in storage, not even what a crashed attempt left there.',
    'GDPR Art. 17(1), ASVS 5.0 14.2.7',
    { [stored]: ['an erased invoice leaves nothing in storage, not even what no row refers to'] },
  ],
  [
    'What no row refers to is found and deleted, once nothing can refer to it any more; what is held stays.',
    'GDPR Art. 5(1)(e), ASVS 5.0 14.2.7',
    { [stored]: ['orphans of settled invoices are found and deleted, and nothing else is'] },
  ],
  [
    'Logs of exports, which may name a buyer, and archives that were lost go when their time is over.',
    'GDPR Art. 5(1)(e), ASVS 5.0 14.2.7',
    { [stored]: [/^archives of exports that no row refers to are found and deleted/] },
  ],
  [
    'Documents move to a colder class unchanged, read back by their hash.',
    'GoBD 119, AO 147(2), GDPR Art. 5(1)(f)',
    {
      [stored]: [
        'documents of old invoices move to a colder class, once, and stay what they are',
        'a document that is erased while it moves does not come back',
      ],
      'packages/storage/test/archive.test.ts': [
        'S3: a document moves to another class with its bytes, type and hash, and its links go on working',
      ],
    },
  ],
  [
    'A buyer is found, exported and erased, whether the invoice is sealed or not.',
    'GDPR Art. 15, GDPR Art. 17(1)',
    { [sealed]: ['a buyer is found, exported in the clear and erased, sealed or not'] },
  ],
  [
    'A class of storage that links could not be read from is refused.',
    'AO 147(2), GDPR Art. 32',
    { [stored]: [/^a folder has no classes, and a class that links could not be read from is refused/] },
  ],
  [
    'The storage identity that erases lists, moves and deletes documents, and stores none.',
    'GDPR Art. 32, ASVS 5.0 13.2.2',
    {
      'packages/storage/test/policies.test.ts': [
        'S3 policy: the erasure lists, moves and deletes documents, and stores none',
      ],
    },
  ],
]);
