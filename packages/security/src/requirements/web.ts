import { chapter } from '../requirement.ts';

const pages = 'apps/api/test/pages.test.ts';
const documents = 'apps/api/test/documents.test.ts';

export const web = chapter('web', 'Browsers, pages and links', [
  [
    'Every answer carries security headers and hides what serves it.',
    'ASVS 5.0 3.4.4, ASVS 5.0 3.4.5, ASVS 5.0 13.4.6, API8:2023',
    { [pages]: ['every answer carries security headers and hides what serves it'] },
  ],
  [
    'Data may load nothing, and pages only what is their own.',
    'ASVS 5.0 3.4.3, ASVS 5.0 3.4.6, ASVS 5.0 3.2.1, ASVS 5.0 3.6.1',
    {
      [pages]: [
        'data may load nothing, pages only what is their own',
        'the documentation loads its parts from here alone',
      ],
    },
  ],
  [
    'The documentation serves its own files and no others.',
    'ASVS 5.0 13.4.3, ASVS 5.0 13.4.7, API8:2023',
    { [pages]: ['the documentation serves its own files and no others'] },
  ],
  [
    'What is described is what is served: no operation stands beside the contract.',
    'API9:2023',
    { [pages]: ['the OpenAPI document describes what is served, at the address where it is served'] },
  ],
  [
    'Every operation answers with headers that let nothing be kept, framed, sniffed or loaded, refusals too.',
    'ASVS 5.0 14.3.2, ASVS 5.0 3.4.4, ASVS 5.0 3.4.6',
    {
      'apps/api/test/security.test.ts': [
        'every operation answers, refusals included, with headers that let nothing be kept, framed, sniffed or loaded',
      ],
    },
  ],
  [
    'No page of another origin is let in unless its origin was named, and never with cookies.',
    'ASVS 5.0 3.4.2, API8:2023',
    { 'apps/api/test/security.test.ts': [/^CORS: /] },
  ],
  [
    'Only as many proxies as are set are believed about a client’s address.',
    'ASVS 5.0 4.1.3, ASVS 5.0 15.3.4',
    { 'apps/api/test/security.test.ts': ['only as many proxies as are set are believed about the client’s address'] },
  ],
  [
    'A document is fetched by a link of five minutes, that no change makes good for anything else.',
    'ASVS 5.0 8.3.1, API1:2023',
    { [documents]: ['a link expires after five minutes', 'a changed link is refused'] },
  ],
  [
    'A document is served with a fixed content type and disposition, whoever asks.',
    'ASVS 5.0 3.2.1, ASVS 5.0 5.4.2',
    { [documents]: ['a document is served with fixed headers, whoever asks'] },
  ],
  [
    'Links signed with another key, or with more parameters, are refused.',
    'ASVS 5.0 8.3.1, ASVS 5.0 15.3.7',
    {
      'packages/storage/test/file.test.ts': [
        'file: a link signed with another key is refused',
        'file: a link carries no parameter twice and none more',
      ],
    },
  ],
]);
