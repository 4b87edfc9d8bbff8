import { freePort } from '@invoicepress/stack/services/daemon';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMember } from '../src/processes.ts';
import { outFolder } from './chaos.ts';

const SOON_MS = 3_000;

test('a process that freezes as its fault is over, and too late for it, goes on', async () => {
  await using logs = await outFolder();
  const port = await freePort();
  const claimed = Promise.withResolvers<void>();
  await using member = startMember({
    name: 'busy',
    file: 'packages/chaos/test/busy-member.ts',
    env: { PORT: String(port) },
    logDir: logs.path,
    readyUrl: `http://127.0.0.1:${port}/`,
    onStep: ({ step }) => void (step === 'claimed' && claimed.resolve()),
  });
  assert.ok(await member.ready());
  member.send({ order: 'arm', step: 'rendered', action: 'stop', skip: 0 });
  await claimed.promise;
  await member.disarm();
  assert.ok(await member.ready(Date.now() + SOON_MS), 'it stays frozen');
});
