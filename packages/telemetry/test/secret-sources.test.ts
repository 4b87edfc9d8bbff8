import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { z } from 'zod';
import { InvalidSettings, parseSettings } from '../src/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'invoicepress-secrets-'));
after(() => rm(folder, { recursive: true, force: true }));
const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};
const schema = z.object({ SECRET: z.string({ error: 'SECRET is missing' }) }).transform(({ SECRET }) => SECRET);
const read = (environment: Record<string, string>) => parseSettings(schema, environment);
const node = (script: string): string => JSON.stringify([process.execPath, '--eval', script]);

test('a secret comes from its variable, from a file or from a command, without the line break at its end', async () => {
  assert.equal(read({ SECRET: 'a secret' }), 'a secret');
  assert.equal(read({ SECRET_FILE: await file('a', 'a secret\n') }), 'a secret');
  assert.equal(read({ SECRET_FILE: await file('b', 'two\nlines\r\n') }), 'two\nlines');
  assert.equal(read({ SECRET_COMMAND: node("console.log('a secret')") }), 'a secret');
  assert.equal(read({ SECRET_COMMAND: `cat  ${await file('c', 'a secret')}` }), 'a secret');
  const shell = '$(id); `id` | cat > /tmp/x "quoted"';
  assert.equal(read({ SECRET_COMMAND: JSON.stringify(['printf', '%s', shell]) }), shell, 'no shell sees it');
});

test('a secret that cannot be had is named with the reason, and neither it nor its whereabouts are shown', async () => {
  const faults: Record<string, [environment: Record<string, string>, message: RegExp]> = {
    'a file that is not there': [
      { SECRET_FILE: join(folder, 'canary') },
      /SECRET_FILE: the file cannot be read \(ENOENT\)/,
    ],
    'a folder': [{ SECRET_FILE: folder }, /SECRET_FILE: the file cannot be read \(EISDIR\)/],
    'an empty file': [{ SECRET_FILE: await file('empty', '\n') }, /SECRET_FILE: it gives nothing/],
    'an endless file': [{ SECRET_FILE: '/dev/zero' }, /SECRET_FILE: the file has more than 65536 bytes/],
    'a program that is not there': [
      { SECRET_COMMAND: 'no-such-canary' },
      /SECRET_COMMAND: the command failed \(ENOENT\)/,
    ],
    'a failure': [
      { SECRET_COMMAND: node("console.log('canary'); console.error('canary'); process.exit(3)") },
      /SECRET_COMMAND: the command failed \(exit code 3\)/,
    ],
    'endless output': [
      { SECRET_COMMAND: 'cat /dev/zero' },
      /SECRET_COMMAND: the command failed \(more than 65536 bytes\)/,
    ],
    'a faulty array': [{ SECRET_COMMAND: '["canary"' }, /SECRET_COMMAND: begins with "\[" and is no JSON array/],
    'two sources': [{ SECRET: 'canary', SECRET_COMMAND: 'canary' }, /SECRET: give one of SECRET and SECRET_COMMAND/],
  };
  for (const [what, [environment, message]] of Object.entries(faults))
    assert.throws(
      () => read(environment),
      (error) => {
        assert.ok(error instanceof InvalidSettings, what);
        assert.match(error.message, /^1 setting/, what);
        assert.match(error.message, message, what);
        assert.ok(!error.message.includes('canary'), what);
        return true;
      },
    );
});
