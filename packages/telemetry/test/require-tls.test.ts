import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { parseSettings, requireTls, transitSettings } from '../src/index.ts';

const url = z.string().optional();
const schema = z
  .object({ DATABASE_URL: url, QUEUE_URL: url, STORAGE_URL: url, STORAGE_PUBLIC_URL: url, ...transitSettings.shape })
  .superRefine(requireTls);
const start = (environment: Record<string, string>) =>
  parseSettings(schema, { NODE_ENV: 'production', ...environment });

const plaintext: [name: string, url: string, host: string, remedy: RegExp][] = [
  ['DATABASE_URL', 'postgres://u:canary@db.example/d', 'db.example', /sslmode=verify-full/],
  ['DATABASE_URL', 'postgres://u:canary@db.example/d?sslmode=disable', 'db.example', /sslmode=verify-full/],
  ['DATABASE_URL', 'postgres://u:canary@db.example/d?sslmode=require&uselibpqcompat=true', 'db.example', /verify-full/],
  ['DATABASE_URL', 'postgres://u:canary@db.example/d?sslmode=no-verify', 'db.example', /sslmode=verify-full/],
  ['DATABASE_URL', 'postgres://u:canary@127.0.0.1/d?host=db.example', 'db.example', /sslmode=verify-full/],
  ['QUEUE_URL', 'redis://u:canary@redis.example:6379', 'redis.example', /rediss:\/\//],
  ['QUEUE_URL', 'redis+cluster://u:can@ary@127.0.0.1:1,redis.example:6379', 'redis.example', /rediss\+cluster/],
  ['QUEUE_URL', 'redis+sentinel://127.0.0.1:1,redis.example:6379/name', 'redis.example', /rediss\+sentinel/],
  ['QUEUE_URL', 'postgres://u:canary@db.example/d', 'db.example', /sslmode=verify-full/],
  ['STORAGE_URL', 's3://canary:canary@bucket?endpoint=http://s3.example', 's3.example', /https:/],
  ['STORAGE_PUBLIC_URL', 'http://documents.example', 'documents.example', /https:/],
];

test('in production, plaintext to another machine is refused at start, with the remedy, and without a secret', () => {
  for (const [name, value, host, remedy] of plaintext) {
    assert.throws(
      () => start({ [name]: value }),
      ({ message }: Error) => {
        assert.ok(message.includes(`${name}: would speak to ${host} without verified TLS`), message);
        assert.match(message, remedy);
        assert.ok(!/canary|can@ary/.test(message), message);
        return true;
      },
      value,
    );
    start({ [name]: value, PLAINTEXT_HOSTS: `elsewhere,${host}` });
    assert.throws(() => start({ [name]: value, PLAINTEXT_HOSTS: 'elsewhere' }), value);
    start({ [name]: value, NODE_ENV: '' });
  }
  assert.throws(() => start({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }), /NODE_EXTRA_CA_CERTS/);
});

test('in production, verified TLS and this machine are accepted', () => {
  for (const DATABASE_URL of [
    'postgres://u:p@db.example/d?sslmode=verify-full&sslrootcert=/ca.pem',
    'postgres://u:p@127.0.0.1/d',
    'postgres://u:p@[::1]/d',
    'postgres://u:p@/d?host=/run/postgresql',
    'postgres://u:p@%2Frun%2Fpostgresql/d',
  ])
    start({ DATABASE_URL });
  for (const QUEUE_URL of [
    'rediss://redis.example',
    'rediss+cluster://a.example:1,b.example:2',
    'redis://localhost:6379/0',
    'redis://[::1]:6379',
  ])
    start({ QUEUE_URL });
  for (const STORAGE_URL of [
    's3://bucket?region=eu-central-1',
    's3://bucket?endpoint=https://s3.example',
    'file:///folder',
  ])
    start({ STORAGE_URL, STORAGE_PUBLIC_URL: 'https://documents.example' });
});
