import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { before, after, test } from 'node:test';
import { repositoryRoot } from '../src/tools.ts';

/** Each file breaks one rule, or would if it lay elsewhere. */
const files = {
  'packages/queue/src/imports-database.ts': `import * as database from '@invoicepress/database';\nexport const x = database;`,
  'packages/queue/src/imports-testing.ts': `import * as testing from '@invoicepress/stack/testing';\nexport const x = testing;`,
  'packages/queue/test/imports-testing.test.ts': `import * as testing from '@invoicepress/stack/testing';\nexport const x = testing;`,
  'packages/database/src/imports-invoice.ts': `import * as invoice from '@invoicepress/invoice';\nexport const x = invoice;`,
  'packages/database/src/leaves-its-package.ts': `import * as model from '../../invoice/src/model.ts';\nexport const x = model;`,
  'packages/documents/src/imports-queue-lazily.ts': `export const x = () => import('@invoicepress/queue');`,
  'apps/api/src/imports-documents.ts': `import * as documents from '@invoicepress/documents';\nexport const x = documents;`,
  'apps/api/src/imports-worker.ts': `import type { Worker } from '@invoicepress/worker';\nexport type X = Worker;`,
  'apps/worker/src/imports-client.ts': `import * as client from '@invoicepress/client';\nexport const x = client;`,
  'apps/worker/src/imports-documents.ts': `import * as documents from '@invoicepress/documents';\nexport const x = documents;`,
  'apps/worker/test/imports-documents.test.ts': `import * as documents from '@invoicepress/documents';\nexport const x = documents;`,
  'apps/console/src/imports-database.ts': `import * as database from '@invoicepress/database';\nexport const x = database;`,
  'packages/stack/src/imports-an-app.ts': `import * as api from '@invoicepress/api';\nexport const x = api;`,
  'packages/queue/src/reads-environment.ts': `export const x = process.env['HOME'];`,
  'apps/api/src/config.ts': `export const x = process.env['HOME'];`,
  'packages/queue/src/floats.ts': `const later = async (): Promise<void> => {};\nlater();\nexport const x = later;`,
  'packages/queue/test/known-safe.test.ts': `import { test } from 'node:test';\ntest('x', () => {});`,
  'packages/queue/src/any.ts': `export const x = (y: any): unknown => y;`,
  'packages/queue/src/asserts.ts': `export const x = (y: string | undefined): string => y!;`,
};

let folder: string;
let found: Set<string>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invoicepress-lint-'));
  await copyFile(join(repositoryRoot, 'oxlint.config.ts'), join(folder, 'oxlint.config.ts'));
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(repositoryRoot, 'tsconfig.json'),
      include: ['**/*.ts'],
      compilerOptions: { typeRoots: [join(repositoryRoot, 'node_modules/@types')] },
    }),
  );
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), `${text}\n`);
  }
  const output = await new Promise<string>((resolve) => {
    execFile(
      join(repositoryRoot, 'node_modules/.bin/oxlint'),
      ['--type-aware', '--format=json', '.'],
      { cwd: folder },
      (_error, stdout) => resolve(stdout),
    );
  });
  const { diagnostics } = JSON.parse(output) as { diagnostics: { filename: string; code: string }[] };
  found = new Set(diagnostics.map(({ filename, code }) => `${filename}: ${code}`));
});

after(() => rm(folder, { recursive: true }));

test('lint refuses imports against the direction, stray environment reads, floating promises, any and !', () => {
  assert.deepEqual([...found].sort(), [
    'apps/api/src/imports-documents.ts: eslint(no-restricted-imports)',
    'apps/api/src/imports-worker.ts: eslint(no-restricted-imports)',
    'apps/console/src/imports-database.ts: eslint(no-restricted-imports)',
    'apps/worker/src/imports-client.ts: eslint(no-restricted-imports)',
    'apps/worker/src/imports-documents.ts: eslint(no-restricted-imports)',
    'packages/database/src/leaves-its-package.ts: eslint(no-restricted-imports)',
    'packages/documents/src/imports-queue-lazily.ts: eslint(no-restricted-imports)',
    'packages/queue/src/any.ts: typescript(no-explicit-any)',
    'packages/queue/src/asserts.ts: typescript(no-non-null-assertion)',
    'packages/queue/src/floats.ts: typescript(no-floating-promises)',
    'packages/queue/src/imports-database.ts: eslint(no-restricted-imports)',
    'packages/queue/src/imports-testing.ts: eslint(no-restricted-imports)',
    'packages/queue/src/reads-environment.ts: node(no-process-env)',
    'packages/stack/src/imports-an-app.ts: eslint(no-restricted-imports)',
  ]);
});
