import { StorageUnreachable } from '@invoicepress/storage';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sayWhy } from '../src/command-line.ts';

const nowhere = 'postgresql://me:hunter2@127.0.0.1:1/invoicepress';
const commands = [
  { file: 'admin.ts', argv: ['create-tenant', '--slug', 'acme', '--name', 'Acme'], status: 1 },
  { file: 'audit/main.ts', argv: ['verify'], status: 2 },
  { file: 'privacy/main.ts', argv: ['retain'], status: 1 },
];
const settings = {
  ADMIN_DATABASE_URL: nowhere,
  AUDITOR_DATABASE_URL: nowhere,
  PRIVACY_DATABASE_URL: nowhere,
  STORAGE_URL: 'file:///nowhere',
};

for (const { file, argv, status } of commands) {
  test(`${file}: without a database, one line says what to look at, and no password`, () => {
    const path = fileURLToPath(new URL(`../src/${file}`, import.meta.url));
    const outcome = spawnSync(process.execPath, [path, ...argv], {
      encoding: 'utf8',
      env: { ...settings, PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] },
    });
    assert.equal(outcome.status, status);
    assert.match(outcome.stderr, /^\w+: PostgreSQL cannot be used \([^\n]+\); check that it runs, [^\n]+\n$/);
    assert.doesNotMatch(outcome.stderr, /hunter2|prisma/);
  });
}

test('storage that is away is not taken for the database', ({ mock }) => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const { mock: written } = mock.method(process.stderr, 'write', () => true);
  sayWhy('privacy', new StorageUnreachable('S3 does not answer; check STORAGE_URL.', { cause: refused }), '');
  assert.deepEqual(
    written.calls.map((call) => call.arguments[0]),
    ['privacy: S3 does not answer; check STORAGE_URL.\n'],
  );
});
