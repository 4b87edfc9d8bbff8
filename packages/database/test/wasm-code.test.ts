import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** With V8's flags that look for code to free at every chance, and tell of it. */
const flags = ['--stress-wasm-code-gc', '--trace-wasm-code-gc', '--input-type=module', '--eval'];
const script = (url: string): string => `
  import { openDatabase, databaseSettings } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
  const database = openDatabase(databaseSettings.parse({ DATABASE_URL: ${JSON.stringify(url)} }), { applicationName: 'test' });
  console.log('opened');
  for (let i = 0; i < 50; i++) await database.prisma.$queryRaw\`SELECT 1\`;
  await database[Symbol.asyncDispose]();
  console.log('closed');`;

test('no code of the query compiler is freed, which may end the process', () => {
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, script(process.env['TEST_POSTGRES_URL'] ?? '')], {
    encoding: 'utf8',
  });
  const [, since = ''] = stdout.split('opened\n');
  assert.match(since, /closed\n$/, stderr);
  assert.doesNotMatch(since, /Triggering GC/);
});
