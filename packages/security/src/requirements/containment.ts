import { chapter } from '../requirement.ts';

const pool = 'apps/worker/test/template-pool.test.ts';
const uploaded = 'packages/documents/test/uploaded/renderer.test.ts';
const hostile = 'packages/stack/test/hostile-templates.test.ts';

export const containment = chapter('containment', 'Templates of others, and renderers', [
  [
    'Whatever an uploaded template does, its check ends, and other invoices go on.',
    'ASVS 5.0 1.3.7, ASVS 5.0 15.2.5, API4:2023',
    { [hostile]: ['whatever a template does, its check ends, others go on, and its author hears what it was'] },
  ],
  [
    'A template that turns hostile on an invoice fails that invoice, and no other.',
    'ASVS 5.0 15.2.5',
    { [hostile]: ['a template that passes its check and fails on an invoice fails that invoice, and no other'] },
  ],
  [
    'The kernel bounds data, processor time and files of a template’s renderer, which is told no secret.',
    'ASVS 5.0 15.2.5, ASVS 5.0 13.3.2',
    { [pool]: ['the kernel bounds data, processor time and files of a renderer, and it is told no secret'] },
  ],
  [
    'A template that does not end is stopped at its deadline.',
    'ASVS 5.0 15.2.2',
    { [pool]: ['a template that does not end is stopped at its deadline, and the next one gets a renderer'] },
  ],
  [
    'An allocation beyond its bound fails at once.',
    'ASVS 5.0 15.2.2',
    { [pool]: ['an allocation beyond its bound fails at once, however quick it comes'] },
  ],
  [
    'A renderer serves the template of one tenant at a time, and keeps nothing for the next.',
    'ASVS 5.0 8.4.1, ASVS 5.0 15.4.1',
    { [pool]: ['a renderer serves one template of one tenant, and gives way to another'] },
  ],
  [
    'A template has its own files, and nothing of ours, of the machine or of the network.',
    'ASVS 5.0 5.3.2, ASVS 5.0 13.2.5',
    {
      [uploaded]: ['a template has its own files and fonts, and nothing of ours or of the machine'],
      [pool]: ['a package of the network is asked of nobody', 'fonts of the machine are not there'],
    },
  ],
  [
    'What an invoice’s texts say in Typst is printed, not done.',
    'ASVS 5.0 1.3.7, ASVS 5.0 1.3.5',
    { [uploaded]: ['texts of the invoice are data: what they say in Typst is printed'] },
  ],
  [
    'A template in a proof bundle runs for a signer that is trusted and in a sandbox, or not at all.',
    'ASVS 5.0 15.2.5, ASVS 5.0 16.5.3',
    {
      'packages/verify/test/uploaded-template.test.ts': [
        'a template that nobody vouches for is not run',
        'where the kernel does not confine it, a template is not run, and it is said so',
        /^a template in a bundle that .* is stopped, and proves nothing$/,
        'a template in a bundle reads no file of this machine',
      ],
    },
  ],
  [
    'A template cannot break what machines read in the document.',
    'ASVS 5.0 1.2.1',
    { [uploaded]: ['metadata that a template sets cannot break those of Factur-X'] },
  ],
]);
