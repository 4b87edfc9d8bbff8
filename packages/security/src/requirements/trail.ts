import { chapter } from '../requirement.ts';

const chain = 'packages/database/test/audit.test.ts';
const api = 'apps/api/test/audit.test.ts';

export const trail = chapter('trail', 'The audit trail', [
  [
    'Every operation that changes something leaves one entry, which names what it touched.',
    'ASVS 5.0 16.3.3, PCI DSS 4.0 10.2.1',
    { [api]: ['every operation that changes something leaves one entry, which names what it touched'] },
  ],
  [
    'An entry says who, when, from where and what, and holds digests in place of content.',
    'ASVS 5.0 16.2.1, PCI DSS 4.0 10.2.2, GDPR Art. 25',
    { [api]: ['an entry says who, when, from where and what, and gives digests in place of content'] },
  ],
  [
    'What operators do to a tenant stands in its trail.',
    'ASVS 5.0 16.3.3, PCI DSS 4.0 10.2.1.2',
    { [api]: ['what operators do to a tenant stands in its trail, with who did it'] },
  ],
  [
    'The trail of a tenant is its own, and needs a scope.',
    'ASVS 5.0 16.4.2, API1:2023, API5:2023',
    { [api]: ['the trail of a tenant is its own, and needs the scope audit:read'] },
  ],
  [
    'Nobody changes or deletes an entry, the owner of the tables included.',
    'ASVS 5.0 16.4.2, PCI DSS 4.0 10.3.2',
    {
      [chain]: ['an entry is neither changed nor deleted by whoever runs the system, the owner of the tables included'],
    },
  ],
  [
    'A changed entry is found, whichever part of it was changed.',
    'PCI DSS 4.0 10.3.4, GoBD 107',
    {
      [chain]: [
        /^an entry whose .* was changed is found$/,
        'an entry that was changed with its own hash is found by the next',
      ],
    },
  ],
  [
    'A deleted entry is found.',
    'PCI DSS 4.0 10.3.4, GoBD 107',
    { [chain]: ['an entry that was deleted is found, at the beginning and in the middle'] },
  ],
  [
    'Reordered entries are found.',
    'PCI DSS 4.0 10.3.4, GoBD 107',
    { [chain]: ['entries that were reordered are found'] },
  ],
  [
    'A chain that was cut off or written anew is found by an anchor kept outside.',
    'PCI DSS 4.0 10.3.3, GoBD 107',
    { [chain]: ['a chain that was cut off at its end, or written anew, is found by an anchor'] },
  ],
  [
    'A command verifies the chains, and names the first broken entry of each tenant.',
    'PCI DSS 4.0 10.3.4, GoBD 145',
    { [api]: ['audit verify passes what holds, and names the first broken entry of each tenant'] },
  ],
  [
    'What is undone leaves no entry, and the chain goes on whatever is written meanwhile.',
    'ASVS 5.0 2.3.3, ASVS 5.0 15.4.2',
    {
      [chain]: [
        'a submission that is undone leaves no entry, and a batch leaves one',
        'the chain goes on whatever is written while it closes',
      ],
    },
  ],
  [
    'Every number of a series is accounted for, canceled ones and gaps too.',
    'GoBD 94, 2006/112/EC Art. 226(2)',
    { [api]: ['every number of a series is accounted for, canceled ones and gaps too'] },
  ],
]);
