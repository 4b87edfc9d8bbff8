import { chapter } from '../requirement.ts';

const outboundTests = 'apps/worker/test/outbound.test.ts';
const hooks = 'apps/worker/test/webhooks.test.ts';

export const outbound = chapter('outbound', 'What goes out: webhooks', [
  [
    'Private, loopback, link-local and metadata addresses are refused in every notation.',
    'ASVS 5.0 1.3.6, API7:2023',
    {
      'packages/database/test/webhooks.test.ts': ['public addresses are public, and forms that hide others are not'],
      [outboundTests]: ['an address in the URL itself is looked at as closely, and so is the scheme'],
    },
  ],
  [
    'A name is resolved once, and what was resolved is called: it cannot lead elsewhere a moment later.',
    'ASVS 5.0 1.3.6, API7:2023',
    {
      [outboundTests]: [
        'a name that leads elsewhere when asked again is asked once, and its first address is the one that is called',
      ],
    },
  ],
  [
    'A name of whose addresses one is private is refused.',
    'ASVS 5.0 1.3.6, API7:2023',
    { [outboundTests]: ['a name of whose addresses one is private is refused, whichever place it has'] },
  ],
  [
    'Redirects are not followed.',
    'ASVS 5.0 15.3.2, API7:2023, API10:2023',
    { [hooks]: ['a redirect is an answer like any other, and not followed'] },
  ],
  [
    'TLS is checked against the name, by certificates that somebody trusted has signed.',
    'ASVS 5.0 12.3.2',
    { [outboundTests]: ['TLS is checked against the name, and a certificate that nobody signed is none'] },
  ],
  [
    'Webhooks go to https, and to no address that has credentials or another scheme.',
    'ASVS 5.0 12.2.1, API7:2023',
    { 'apps/api/test/webhooks.test.ts': [/^the URL .* is refused: /] },
  ],
  [
    'Of an endless answer the beginning is read, and a silent server takes no longer than it may.',
    'ASVS 5.0 15.2.2, API10:2023',
    {
      [outboundTests]: [
        'of an endless answer the beginning is read, as one line of printable text',
        'a server that says nothing, and a resolver that says nothing, take no longer than they may',
      ],
    },
  ],
  [
    'Every webhook is signed, and a rotation leaves no moment without a valid signature.',
    'ASVS 5.0 4.1.5, ASVS 5.0 13.3.4, Standard Webhooks',
    {
      [hooks]: [
        /, an event reaches its endpoint once, signed as Standard Webhooks says$/,
        'while a previous secret is valid the old and the new one verify, afterwards the new one alone',
      ],
    },
  ],
  [
    'A webhook secret is shown when it is made, and stored nowhere in the clear.',
    'ASVS 5.0 13.3.1, ASVS 5.0 11.3.2',
    {
      'apps/api/test/webhooks.test.ts': [
        'the secret is shown at creation and rotation only, and stored nowhere in the clear',
      ],
    },
  ],
  [
    'What was sealed opens under the same key and for the same endpoint alone.',
    'ASVS 5.0 11.3.3',
    {
      'packages/database/test/webhooks.test.ts': [
        'what was sealed opens under the same key and for the same place alone',
      ],
    },
  ],
  [
    'What went wrong with a receiver is told without addresses of the network inside.',
    'ASVS 5.0 16.5.1, API7:2023',
    { [outboundTests]: ['what went wrong is told without addresses'] },
  ],
]);
