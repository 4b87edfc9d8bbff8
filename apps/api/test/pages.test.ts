import { operations } from '@invoicepress/client';
import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemTypes } from '../src/problems.ts';
import { assertProblem } from './assert-problem.ts';
import { sharedApi } from './start-api.ts';

const api = await sharedApi();
const tenant = await api.tenant();

/** The directives of an answer's content security policy. */
const policyOf = (response: Response): Map<string, string> =>
  new Map(
    (response.headers.get('content-security-policy') ?? '').split(';').map((directive) => {
      const [name = '', ...sources] = directive.trim().split(' ');
      return [name, sources.join(' ')];
    }),
  );

test('every answer carries security headers and hides what serves it', async () => {
  for (const path of [
    '/healthz',
    '/readyz',
    '/openapi.json',
    '/docs/',
    '/docs/swagger-ui.css',
    '/v1/invoices',
    '/nothing',
    '/queues',
    '/sign-in',
    '/files/a/b/c',
  ]) {
    const response = await api.fetch(path);
    await response.bytes();
    assert.equal(response.headers.get('x-powered-by'), null, path);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff', path);
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer', path);
    assert.ok(response.headers.get('strict-transport-security'), path);
    assert.ok(response.headers.get('x-request-id'), path);
    assert.equal(policyOf(response).get('frame-ancestors'), "'none'", path);
  }
});

test('data may load nothing, pages only what is their own', async () => {
  assert.equal(policyOf(await tenant.fetch('/v1/invoices')).get('default-src'), "'none'");
  const pages = policyOf(await api.fetch('/docs/'));
  assert.equal(pages.get('default-src'), "'self'");
  assert.equal(pages.get('script-src'), "'self'");
  assert.equal(pages.get('object-src'), "'none'");
});

test('the OpenAPI document describes what is served, at the address where it is served', async () => {
  const response = await api.fetch('/openapi.json');
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
  const { openapi, servers, paths } = (await response.json()) as {
    openapi: string;
    servers: { url: string }[];
    paths: Record<string, object>;
  };
  assert.match(openapi, /^3\.1/);
  assert.equal(servers[0]?.url, api.url);
  for (const { path, method } of Object.values(operations))
    assert.ok(method in (paths[path] ?? {}), `${method} ${path}`);
});

test('the documentation loads its parts from here alone', async () => {
  const redirect = await api.fetch('/docs');
  assert.equal(redirect.headers.get('location'), '/docs/');
  const page = await (await api.fetch('/docs/')).text();
  const parts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part = '']) => part);
  assert.ok(parts.length >= 3);
  for (const part of parts) {
    const address = new URL(part, `${api.url}/docs/`);
    assert.equal(address.origin, api.url);
    const response = await fetch(address);
    await response.bytes();
    assert.equal(response.status, 200, part);
  }
  assert.ok(!/<script>|<style>|\son\w+=/.test(page), 'nothing inline, which the policy would block');
});

test('the documentation serves its own files and no others', async () => {
  for (const path of ['/docs/package.json%00', '/docs/..%2f..%2f..%2fpackage.json', '/docs/.env', '/docs/nothing.js']) {
    const response = await api.fetch(path);
    await response.bytes();
    assert.ok([400, 403, 404].includes(response.status), `${path}: ${response.status}`);
  }
  assert.deepEqual(api.log.lines('request_failed'), []);
});

test('every problem type leads to a page about it', async () => {
  for (const type of Object.keys(problemTypes)) {
    const response = await api.fetch(`/problems/${type}`);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.match(text, /^# /);
  }
});

test("a problem's type is the address of its page", async () => {
  const { type } = await assertProblem(await tenant.post('/v1/invoices', aDraft({ currency: '?' })), 'invalid-invoice');
  assert.equal(type, `${api.url}/problems/invalid-invoice`);
});

test('requests are logged by their pattern, never by their address', async () => {
  await tenant.fetch('/v1/invoices?buyer=Confidential');
  await api.fetch('/nothing/Confidential');
  const lines = api.log.lines('request_finished');
  assert.ok(lines.some(({ route, status }) => route === '/v1/invoices' && status === 200));
  assert.ok(!api.log.text().includes('Confidential'));
});
