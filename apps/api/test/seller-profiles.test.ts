import { SellerProfile, type CreateSellerProfile, type SubmitInvoice } from '@invoicepress/client';
import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { anSvg } from './a-logo.ts';
import { assertProblem, faultsIn } from './assert-problem.ts';
import { frozenInvoice } from './make-ready.ts';
import { sharedApi, type Tenant } from './start-api.ts';

const api = await sharedApi();

const { seller } = aDraft();
const other = { ...seller, name: 'Kontor Südwind GmbH' };
/** What a client submits that leaves it to a profile who sells. */
const open = (overrides: Partial<SubmitInvoice> = {}): SubmitInvoice => {
  const { seller: _, ...draft } = aDraft({ number: randomUUID() });
  return { ...draft, ...overrides };
};
const issued = async (tenant: Tenant, submission: SubmitInvoice) =>
  frozenInvoice(api, tenant, (await tenant.client.submitInvoice(submission)).id);

test('an invoice takes its seller, account, terms, paper and look from the profile that it names', async () => {
  const tenant = await api.tenant();
  const logo = await tenant.client.uploadLogo(anSvg());
  const profile = await tenant.client.createSellerProfile({
    name: 'südwind',
    seller: other,
    payment: { iban: 'DE89 3704 0044 0532 0130 00', terms: '14 days' },
    paperSize: 'Letter',
    branding: {
      logo: logo.sha256,
      colours: { accent: '#7A1F3D' },
      font: 'Source Serif 4',
      texts: { introduction: { de: 'Danke.', 'de-CH': 'Merci.' }, closing: 'Bye' },
      footer: [['Kontor Südwind']],
    },
  });
  assert.deepEqual(SellerProfile.parse(profile), profile);
  assert.deepEqual(await tenant.client.getSellerProfile(profile.id), profile);
  const {
    seller: frozen,
    payment,
    paperSize,
    branding,
  } = await issued(tenant, open({ sellerProfile: 'südwind', language: 'de-AT' }));
  assert.deepEqual(frozen, other);
  assert.deepEqual(payment, { iban: 'DE89370400440532013000', terms: '14 days' });
  assert.equal(paperSize, 'Letter');
  assert.deepEqual(branding, {
    logo: { sha256: logo.sha256, mediaType: 'image/svg+xml', width: 40, height: 30 },
    colours: { accent: '#7a1f3d' },
    font: 'Source Serif 4',
    introduction: 'Danke.',
    closing: 'Bye',
    footer: [['Kontor Südwind']],
  });
  const swiss = await issued(tenant, open({ sellerProfile: 'südwind', language: 'de-CH' }));
  assert.equal(swiss.branding?.introduction, 'Merci.');
  const french = await issued(tenant, open({ sellerProfile: 'südwind', language: 'fr' }));
  assert.deepEqual([french.branding?.introduction, french.branding?.closing], [undefined, 'Bye']);
});

test('what an invoice says itself goes before its profile, and an account is never mixed from both', async () => {
  const tenant = await api.tenant();
  const payment = { iban: 'DE89370400440532013000', bic: 'COBADEFFXXX', terms: '14 days' };
  await tenant.client.createSellerProfile({ name: 'p', seller, payment, paperSize: 'Letter', isDefault: true });
  const own = await issued(tenant, open({ payment: { iban: 'AT611904300234573201' }, paperSize: 'A4' }));
  assert.deepEqual(own.payment, { iban: 'AT611904300234573201', terms: '14 days' });
  assert.equal(own.paperSize, 'A4');
  const referring = await issued(tenant, open({ payment: { reference: 'RF18', terms: 'now' } }));
  assert.deepEqual(referring.payment, { ...payment, reference: 'RF18', terms: 'now' });
  const credit = await issued(tenant, open({ typeCode: '381', precedingInvoices: [{ number: '1' }] }));
  assert.equal(credit.payment, undefined, 'money goes back: nobody pays us');
});

test('an invoice that brings its seller is frozen as if there were no profiles', async () => {
  const [plain, tenant] = [await api.tenant(), await api.tenant()];
  await tenant.client.createSellerProfile({ name: 'p', seller: other, paperSize: 'Letter', isDefault: true });
  const draft = aDraft({ number: 'A-1' });
  assert.deepEqual(await issued(tenant, draft), await issued(plain, draft));
});

test('an invoice that says nothing has the default profile, of its own tenant alone', async () => {
  const [tenant, stranger] = [await api.tenant(), await api.tenant()];
  await stranger.client.createSellerProfile({ name: 'theirs', seller: other, isDefault: true });
  const missing = await assertProblem(await tenant.post('/v1/invoices', open()), 'invalid-invoice');
  assert.match(faultsIn(missing)['/seller'] ?? '', /is missing; give it, or name a "sellerProfile"/);
  const first = await tenant.client.createSellerProfile({ name: 'first', seller, isDefault: true });
  assert.deepEqual((await issued(tenant, open())).seller, seller);
  await tenant.client.createSellerProfile({ name: 'second', seller: other, isDefault: true });
  assert.deepEqual((await issued(tenant, open())).seller, other);
  assert.equal((await tenant.client.getSellerProfile(first.id)).isDefault, false);
  const foreign = await assertProblem(
    await tenant.post('/v1/invoices', open({ sellerProfile: 'theirs' })),
    'invalid-invoice',
  );
  assert.match(faultsIn(foreign)['/sellerProfile'] ?? '', /there is no seller profile "theirs"; define it with POST/);
});

test('a seller and a profile contradict each other, and every fault is told at once', async () => {
  const tenant = await api.tenant();
  const body = { ...aDraft(), sellerProfile: 'p', colour: 'red' };
  const problem = await assertProblem(await tenant.post('/v1/invoices', body), 'invalid-invoice');
  assert.deepEqual(Object.keys(faultsIn(problem)), ['/sellerProfile', '/colour']);
  for (const sellerProfile of ['', 7, 'x'.repeat(61), '\u0000']) {
    const bad = await assertProblem(
      await tenant.post('/v1/invoices', { ...open(), sellerProfile: sellerProfile as string }),
      'invalid-invoice',
    );
    assert.deepEqual(Object.keys(faultsIn(bad)), ['/sellerProfile']);
  }
});

test('what was accepted stays as it was when its profile changes or goes', async () => {
  const tenant = await api.tenant();
  const profile = await tenant.client.createSellerProfile({ name: 'p', seller });
  const { id } = await tenant.client.submitInvoice(open({ sellerProfile: 'p' }));
  await tenant.client.updateSellerProfile(profile.id, { seller: other, name: 'q' });
  assert.deepEqual((await issued(tenant, open({ sellerProfile: 'q' }))).seller, other);
  assert.equal((await tenant.client.deleteSellerProfile(profile.id)).name, 'q');
  assert.deepEqual(await tenant.client.listSellerProfiles(), []);
  assert.deepEqual((await frozenInvoice(api, tenant, id)).seller, seller);
});

test('batches and checks know profiles too', async () => {
  const tenant = await api.tenant();
  await tenant.client.createSellerProfile({ name: 'one', seller, isDefault: true });
  await tenant.client.createSellerProfile({ name: 'two', seller: { ...other, vatId: 'DE111111125' } });
  const { outcomes } = await tenant.client.submitBatch([
    open(),
    open({ sellerProfile: 'two' }),
    open({ sellerProfile: 'three' }),
    aDraft({ number: 'inline' }),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    [202, 202, 422, 202],
  );
  const [, second] = outcomes;
  assert.ok(second && 'invoice' in second);
  assert.equal((await frozenInvoice(api, tenant, second.invoice.id)).seller.vatId, 'DE111111125');
  const check = await tenant.client.checkInvoice(open({ sellerProfile: 'two' }));
  assert.equal(check.profiles.en16931.valid, true);
  await assertProblem(await tenant.post('/v1/invoices/check', open({ sellerProfile: 'three' })), 'invalid-invoice');
});

test('a rule that the profile breaks is told where the invoice has it', async () => {
  const tenant = await api.tenant();
  const { vatId: _, ...withoutVatId } = seller;
  await tenant.client.createSellerProfile({ name: 'p', seller: withoutVatId, isDefault: true });
  const problem = await assertProblem(await tenant.post('/v1/invoices', open()), 'invalid-invoice');
  assert.ok(problem.errors?.some(({ rule, pointer }) => rule === 'BR-S-02' && pointer.startsWith('/seller')));
});

const create = (tenant: Tenant, overrides: Partial<CreateSellerProfile> = {}) =>
  tenant.post('/v1/seller-profiles', { name: 'p', seller, ...overrides });

test('colours that cannot be read, crowded footers and unknown logos are refused with what would do', async () => {
  const tenant = await api.tenant();
  const lines = (length: number) => Array.from({ length: 5 }, () => 'x'.repeat(length));
  const cases: [CreateSellerProfile['branding'], string, RegExp][] = [
    [
      { colours: { accent: '#ffb000' } },
      '/branding/colours/accent',
      /white on #ffb000 is 1\.8\d:1, and WCAG 2\.2 \(1\.4\.3\) wants 4\.5:1/,
    ],
    [{ colours: { accent: '#757575' } }, '/branding/colours/accent', /#757575 on its tint #f5f5f5 is 4\.2\d:1/],
    [
      { colours: { text: '#767676' } },
      '/branding/colours/text',
      /on white is 4\.54:1, and WCAG 2\.2 \(1\.4\.6\) wants 7:1/,
    ],
    [{ colours: { accent: 'red' } }, '/branding/colours/accent', /is no colour such as "#0b4f5c"/],
    [{ footer: [lines(9), lines(9), lines(9), lines(26)] }, '/branding/footer/3', /fills 10 rows .* 4 columns/],
    [{ logo: 'a'.repeat(64) }, '/branding/logo', /there is no logo a{64}; upload it/],
    [{ texts: { closing: { 'not a tag': 'x' } } }, '/branding/texts/closing', /BCP 47|neither/],
    [{ font: 'Comic Sans' as never }, '/branding/font', /Source Serif 4/],
  ];
  for (const [branding, pointer, says] of cases) {
    const problem = await assertProblem(await create(tenant, { branding }), 'invalid-request');
    const [[at, detail] = ['', '']] = Object.entries(faultsIn(problem));
    assert.ok(at.startsWith(pointer), `${at} for ${pointer}`);
    assert.match(detail, says);
  }
  assert.deepEqual(await tenant.client.listSellerProfiles(), []);
});

test('a name is one profile’s, and a profile is one tenant’s', async () => {
  const [tenant, stranger] = [await api.tenant(), await api.tenant()];
  const profile = await tenant.client.createSellerProfile({ name: 'p', seller });
  await assertProblem(await create(tenant), 'profile-taken');
  await stranger.client.createSellerProfile({ name: 'p', seller });
  for (const [path, method] of [
    [profile.id, 'GET'],
    [profile.id, 'DELETE'],
    ['none', 'GET'],
  ] as const)
    await assertProblem(await stranger.fetch(`/v1/seller-profiles/${path}`, { method }), 'not-found');
  const second = await tenant.client.createSellerProfile({ name: 'second', seller });
  const patch = { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '{"name":"p"}' };
  await assertProblem(await tenant.fetch(`/v1/seller-profiles/${second.id}`, patch), 'profile-taken');
  await assertProblem(await stranger.fetch(`/v1/seller-profiles/${second.id}`, patch), 'not-found');
});

test('who may submit invoices may not say where their money goes', async () => {
  const tenant = await api.tenant({ scopes: ['invoices:write', 'invoices:read'] });
  await assertProblem(await create(tenant), 'missing-scope');
  await assertProblem(await tenant.fetch('/v1/seller-profiles'), 'missing-scope');
  await assertProblem(await tenant.post('/v1/logos', {}), 'missing-scope');
});

test('there are no more than 100 profiles', async () => {
  const tenant = await api.tenant();
  await api.superuser.prisma.sellerProfile.createMany({
    data: Array.from({ length: 100 }, (_, n) => ({
      id: randomUUID(),
      tenantId: tenant.id,
      name: `no. ${n}`,
      seller: {},
    })),
  });
  await assertProblem(await create(tenant), 'too-many-profiles');
});
