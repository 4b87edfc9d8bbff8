import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queueSettings } from '../src/index.ts';
import { parseQueueUrl } from '../src/queue-url.ts';

const faults = (settings: unknown): string[] =>
  queueSettings.safeParse(settings).error?.issues.map(({ message }) => message) ?? [];

test('each form of QUEUE_URL is read into its parts', () => {
  assert.deepEqual(parseQueueUrl('redis://localhost'), {
    kind: 'redis',
    address: { host: 'localhost', port: 6379 },
    db: 0,
    tls: false,
  });
  assert.deepEqual(parseQueueUrl('rediss://me:s%40cr%3Aet@[2001:db8::1]:6380/3'), {
    kind: 'redis',
    address: { host: '2001:db8::1', port: 6380 },
    db: 3,
    tls: true,
    username: 'me',
    password: 's@cr:et',
  });
  assert.deepEqual(parseQueueUrl('redis+sentinel://:pw@a:26380,b/main?db=2&sentinelUsername=s&sentinelPassword=t'), {
    kind: 'sentinel',
    sentinels: [
      { host: 'a', port: 26380 },
      { host: 'b', port: 26379 },
    ],
    master: 'main',
    db: 2,
    sentinelUsername: 's',
    sentinelPassword: 't',
    password: 'pw',
    tls: false,
  });
  assert.deepEqual(parseQueueUrl('rediss+cluster://a:7000,b:7001'), {
    kind: 'cluster',
    nodes: [
      { host: 'a', port: 7000 },
      { host: 'b', port: 7001 },
    ],
    tls: true,
  });
  const postgres = 'postgresql://me:pw@db:5432/app?sslmode=verify-full';
  assert.deepEqual(parseQueueUrl(postgres), { kind: 'postgres', connectionString: postgres });
});

test('a faulty setting is refused with its variable and the remedy, and without the password in it', () => {
  const faulty = [
    'amqp://u:hunter2@host',
    'redis://u:hunter2@a,b',
    'redis://u:hunter2@host:99999',
    'redis://u:hunter2@host:port/0',
    'redis://u:hunter2@host/zero',
    'redis://u:hunter2%@host',
    'redis://u:hunter2@',
    'redis+sentinel://u:hunter2@a,b',
    'redis+cluster://u:hunter2@a,b/3',
    'postgres://u:hunter2@host:port/db',
    'hunter2',
    '',
  ];
  for (const QUEUE_URL of faulty) {
    const messages = faults({ QUEUE_URL });
    assert.equal(messages.length, 1, QUEUE_URL);
    assert.match(messages[0]!, /^QUEUE_URL .*(;|must be)/);
    assert.doesNotMatch(JSON.stringify(queueSettings.safeParse({ QUEUE_URL }).error), /hunter2/);
  }
  assert.match(faults({})[0]!, /QUEUE_URL is missing; set it/);
  assert.match(faults({ QUEUE_URL: 'redis://h', QUEUE_PREFIX: 'a b' })[0]!, /QUEUE_PREFIX may have/);
  assert.equal(queueSettings.parse({ QUEUE_URL: 'redis://h' }).QUEUE_PREFIX, 'invoicepress');
});
