import { inOneStatement, loadLogo, storeLogo, withTenant } from '@invoicepress/database';
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { aWorker } from './a-worker.ts';
import { aSite } from './site.ts';

/** One red pixel. */
const bytes = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC',
  'base64',
);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const logo = { sha256, mediaType: 'image/png', width: 1, height: 1 } as const;

test("an invoice with a logo is rendered with it, and another tenant's worker never gets it from memory", async () => {
  await using site = await aSite({ storage: 'files' });
  await using worker = await aWorker(site);
  await withTenant(site.superuser, site.tenantId, (tx) => storeLogo(tx, { ...logo, bytes }));
  const jobs = await site.accept(
    { number: 'B-1', branding: { logo } },
    { number: 'B-2' },
    { number: 'B-3', branding: { logo } },
  );
  const sizes: boolean[] = [];
  for (const job of jobs) {
    assert.deepEqual(await worker.attempt(job), { outcome: 'done' });
    const [document] = (await site.invoice(job)).documents;
    const pdf = await site.storage.get(document?.storageKey ?? '');
    sizes.push(Buffer.from(pdf).includes('/Subtype /Image'));
  }
  assert.deepEqual(sizes, [true, false, true]);

  assert.deepEqual(Object.keys((await worker.context.loadAssets(site.tenantId, sha256)) ?? {}), [sha256]);
  await assert.rejects(worker.context.loadAssets(randomUUID(), sha256), /has no logo/);
  await assert.rejects(loadLogo(inOneStatement(worker.context.database, randomUUID()), sha256), /has no logo/);
});
