/** The command as an operator starts it, with its secrets in files and from commands. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { query, scratchDatabase } from './scratch.ts';

const folder = await mkdtemp(join(tmpdir(), 'invoicepress-migrate-'));
after(() => rm(folder, { recursive: true, force: true }));
const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), `${text}\n`);
  return join(folder, name);
};
const migrate = (argv: string[], environment: Record<string, string>) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, '../migrate.ts'), ...argv], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...environment },
  });

test('migrate takes its URL and the passwords of roles from files and commands', async () => {
  await using database = await scratchDatabase();
  // The password that the other tests of this server expect; see testing/database.ts of packages/stack.
  const { stdout } = await migrate(['roles'], {
    MIGRATOR_DATABASE_URL_FILE: await file('url', database.url),
    SWEEPER_DATABASE_PASSWORD_COMMAND: `cat ${await file('sweeper', 'the-sweeper-in-tests')}`,
  });
  assert.match(stdout, /may sign in now: sweeper/);
  const url = new URL(database.url);
  url.username = 'invoicepress_sweeper';
  url.password = 'the-sweeper-in-tests';
  assert.deepEqual(await query(url.href, 'SELECT current_user AS who'), [{ who: 'invoicepress_sweeper' }]);
});

test('migrate names a secret that cannot be had, with the reason, and shows neither it nor its whereabouts', async () => {
  const url = 'postgresql://canary:canary@127.0.0.1:1/canary';
  const faults: [Record<string, string>, ...RegExp[]][] = [
    [{ MIGRATOR_DATABASE_URL_FILE: join(folder, 'canary') }, /MIGRATOR_DATABASE_URL_FILE: the file cannot be read/],
    [
      { MIGRATOR_DATABASE_URL: url, MIGRATOR_DATABASE_URL_COMMAND: 'canary' },
      /give one of MIGRATOR_DATABASE_URL and MIGRATOR_DATABASE_URL_COMMAND, not several/,
    ],
    [
      {
        MIGRATOR_DATABASE_URL: url,
        API_DATABASE_PASSWORD_COMMAND: 'false canary',
        QUEUE_DATABASE_PASSWORD_FILE: folder,
      },
      /^migrate: 2 setting\(s\) are wrong:/,
      /API_DATABASE_PASSWORD_COMMAND: the command failed \(exit code 1\)/,
      /QUEUE_DATABASE_PASSWORD_FILE: the file cannot be read \(EISDIR\)/,
    ],
  ];
  for (const [environment, ...messages] of faults)
    await assert.rejects(migrate(['roles'], environment), ({ stderr }: { stderr: string }) => {
      for (const message of messages) assert.match(stderr, message);
      assert.doesNotMatch(stderr, /canary/);
      return true;
    });
});
