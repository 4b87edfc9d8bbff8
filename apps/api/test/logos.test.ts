import { Logo, MAX_LOGO_BYTES } from '@invoicepress/client';
import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { aJpeg, anSvg, aPng } from './a-logo.ts';
import { assertProblem, faultsIn } from './assert-problem.ts';
import { sharedApi } from './start-api.ts';

const api = await sharedApi();
const tenant = await api.tenant();

const upload = (bytes: Uint8Array) => tenant.post('/v1/logos', { base64: Buffer.from(bytes).toString('base64') });

const accepted: [what: string, file: Buffer, width: number, height: number, mediaType: string][] = [
  ['a PNG', aPng(), 40, 30, 'image/png'],
  // Adam7 of 5 × 5: rows of 1, 1, 2, 3 + 3, 2 + 2 + 2 and 5 + 5 pixels, each with its filter.
  ['an interlaced PNG', aPng({ width: 5, height: 5, interlaced: true, pixels: Buffer.alloc(36) }), 5, 5, 'image/png'],
  ['a JPEG', aJpeg(), 40, 30, 'image/jpeg'],
  ['an SVG', anSvg(), 40, 30, 'image/svg+xml'],
  ['an SVG with its size in millimetres', anSvg('', 'width="24mm" height="6.5mm"'), 24, 6.5, 'image/svg+xml'],
  [
    'an SVG as drawing programs write it',
    anSvg(
      '<style>/* classes */ .a{fill:url(#g)}</style><defs><linearGradient id="g"><stop offset="0"/></linearGradient>' +
        '<clipPath id="c"><rect width="9" height="9"/></clipPath></defs><g clip-path="url(#c)"><path class="a" d="M0 0z"/></g>' +
        '<x:editor xmlns:x="urn:x" onload="ours()"><x:script/></x:editor>',
    ),
    40,
    30,
    'image/svg+xml',
  ],
];
for (const [what, file, width, height, mediaType] of accepted) {
  test(`${what} is stored by the hash of its bytes, and found to be what it is`, async () => {
    const logo = await tenant.client.uploadLogo(file);
    assert.deepEqual(Logo.parse(logo), logo);
    const sha256 = createHash('sha256').update(file).digest('hex');
    const { createdAt: _, ...found } = logo;
    assert.deepEqual(found, { sha256, mediaType, width, height, sizeBytes: file.length });
  });
}

const uses = (count: number, id: string) => `<use href="#${id}"/>`.repeat(count);
/** Ten to the power of its levels, if each reference were followed. */
const bomb = Array.from({ length: 9 }, (_, level) => `<g id="l${level + 1}">${uses(10, `l${level}`)}</g>`).join('');
const cut = aPng().subarray(0, 60);
const flipped = Buffer.from(aPng()).fill(0x55, 45, 47);
const printed = aJpeg();
printed[printed.indexOf(Buffer.from([0xff, 0xc0])) + 9] = 4;

const refused: [what: string, file: Buffer, says: RegExp][] = [
  ['what is no image', Buffer.from('%PDF-1.7'), /neither PNG nor JPEG nor SVG/],
  ['a PNG that ends too early', cut, /damaged PNG: it ends too early/],
  ['a PNG with a changed byte', flipped, /damaged PNG: the checksum of its IDAT/],
  ['a PNG that lacks pixels', aPng({ pixels: Buffer.alloc(100) }), /pixels are missing/],
  ['a PNG that unpacks to far more than its size', aPng({ pixels: Buffer.alloc(50_000_000) }), /pixels cannot be read/],
  ['a PNG whose rows are filtered oddly', aPng({ pixels: Buffer.alloc(41 * 30, 9) }), /stored in no known way/],
  [
    'a PNG of too many pixels',
    aPng({ width: 30_000, height: 30_000, pixels: Buffer.alloc(9) }),
    /30000 × 30000 pixels/,
  ],
  ['a JPEG that ends too early', aJpeg().subarray(0, 300), /damaged JPEG/],
  ['a JPEG in CMYK', printed, /CMYK/],
  ['a file that is too large', Buffer.alloc(MAX_LOGO_BYTES + 1), /more than 500000 bytes/],
  ['an SVG that is no XML', anSvg('<g>'), /no well-formed XML: 1:\d+/],
  ['an SVG with a script', anSvg('<script>alert(1)</script>'), /<script>: remove it/],
  ['an SVG with a handler', anSvg('<g onclick="x()"/>'), /script in onclick of <g>/],
  ['an SVG with foreign content', anSvg('<foreignObject/>'), /<foreignObject>/],
  ['an SVG with text', anSvg('<text>Acme</text>'), /convert its text to paths/],
  ['an SVG with an image', anSvg('<image href="data:image/png;base64,"/>'), /upload the image itself/],
  ['an SVG that links elsewhere', anSvg('<use href="https://evil.example/#x"/>'), /refers to something outside/],
  ['an SVG that paints from elsewhere', anSvg('<g fill="url(https://evil.example/)"/>'), /refers to something outside/],
  ['an SVG that does so by style', anSvg('<g style="fill:u\\72l(//evil.example)"/>'), /refers to something outside/],
  [
    'an SVG whose style sheet imports',
    anSvg('<style>@import "https://evil.example";</style>'),
    /style sheet that loads/,
  ],
  ['an SVG with an entity', Buffer.from('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>'), /declares entities/],
  ['an SVG that refers to itself', anSvg('<g id="a"><use href="#a"/></g>'), /contains itself/],
  ['an SVG of a billion shapes', anSvg(`<g id="l0"><path d=""/></g>${bomb}`), /more than 20000 shapes/],
  ['an SVG without a size', anSvg('', ''), /how large it is/],
  ['an SVG that is deeply nested', anSvg('<g>'.repeat(60) + '</g>'.repeat(60)), /50 levels deep/],
  ['another XML document', Buffer.from('<html/>'), /begins with <html>/],
];
for (const [what, file, says] of refused) {
  test(`${what} is refused as a logo`, async () => {
    const before = await tenant.client.listLogos();
    const problem = await assertProblem(await upload(file), 'invalid-request');
    assert.match(faultsIn(problem)['/base64'] ?? '', says);
    assert.deepEqual(await tenant.client.listLogos(), before);
  });
}

test('a logo that a profile or an accepted invoice bears stays; another goes, and is nobody else’s to delete', async () => {
  const mine = await api.tenant();
  const logo = await mine.client.uploadLogo(aPng({ width: 41 }));
  assert.deepEqual(await mine.client.uploadLogo(aPng({ width: 41 })), logo, 'the same bytes are the same logo');
  const remove = (who: typeof mine) => who.fetch(`/v1/logos/${logo.sha256}`, { method: 'DELETE' });
  await assertProblem(await remove(tenant), 'not-found');
  const { seller, ...draft } = aDraft();
  const profile = await mine.client.createSellerProfile({ name: 'p', seller, branding: { logo: logo.sha256 } });
  await assertProblem(await remove(mine), 'logo-in-use');
  await mine.client.updateSellerProfile(profile.id, { branding: null });
  assert.deepEqual(await mine.client.deleteLogo(logo.sha256), logo);
  await assertProblem(await remove(mine), 'not-found');

  await mine.client.uploadLogo(aPng({ width: 41 }));
  await mine.client.updateSellerProfile(profile.id, { branding: { logo: logo.sha256 } });
  await mine.client.submitInvoice({ ...draft, sellerProfile: 'p' });
  await mine.client.deleteSellerProfile(profile.id);
  await assertProblem(await remove(mine), 'logo-in-use');
});
