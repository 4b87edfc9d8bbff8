import assert from 'node:assert/strict';
import { test } from 'node:test';
import jsqr from 'jsqr';
import { epcPayload } from '../src/index.ts';
import { paymentCodeSvg } from '../src/payment-code.ts';
import { anIssuedInvoice } from './an-issued-invoice.ts';
import { createPdfRenderer } from './pdf-renderer.ts';
import { textOf } from './reading.ts';
import { aCard, aDirectDebit } from './xml/a-maximal-invoice.ts';

const payment = { iban: 'DE89 3704 0044 0532 0130 00', bic: 'COBADEFFXXX' };

test('the payment code says who is paid, how much and for what', () => {
  const expected =
    'BCD\n002\n1\nSCT\nCOBADEFFXXX\nHalden & Moritz GmbH\nDE89370400440532013000\nEUR8669.09\n\n\nINV-2026-00042';
  assert.equal(epcPayload(anIssuedInvoice({ payment })), expected);
});

test('who is paid is the payee, where there is one', () => {
  const payload = epcPayload(anIssuedInvoice({ payment, payee: { name: 'Nordbank Factoring AG' } }));
  assert.ok(payload?.includes('\nNordbank Factoring AG\nDE89370400440532013000\n'));
});

test('an ISO 11649 reference takes the place of structured references', () => {
  const payload = epcPayload(anIssuedInvoice({ payment: { ...payment, reference: 'RF18 5390 0754 7034' } }));
  assert.ok(payload?.endsWith('EUR8669.09\n\nRF18539007547034'));
});

test('the printed modules read as the payload', () => {
  const payload =
    epcPayload(anIssuedInvoice({ payment: { ...payment, accountName: 'Żółw & Söhne', reference: 'é'.repeat(100) } })) ??
    '';
  assert.equal(scan(paymentCodeSvg(payload)), payload);
});

test('no code where a SEPA transfer cannot pay', () => {
  const free = [{ name: 'Sample', quantity: '1', unitPrice: '0', taxRate: '0' }];
  const dear = [{ name: 'Press', quantity: '1', unitPrice: '1000000000', taxRate: '0' }];
  assert.equal(epcPayload(anIssuedInvoice({ payment: { terms: 'Cash' } })), undefined);
  assert.equal(epcPayload(anIssuedInvoice({ payment: { iban: 'DE00370400440532013000' } })), undefined);
  assert.equal(epcPayload(anIssuedInvoice({ payment, currency: 'CHF' })), undefined);
  for (const typeCode of ['381', '261', '396'] as const)
    assert.equal(epcPayload(anIssuedInvoice({ payment, typeCode })), undefined);
  assert.equal(epcPayload(anIssuedInvoice({ payment: { ...payment, ...aDirectDebit } })), undefined);
  assert.equal(epcPayload(anIssuedInvoice({ payment: { ...payment, ...aCard } })), undefined);
  assert.equal(epcPayload(anIssuedInvoice({ payment: { ...payment, meansCode: '59' } })), undefined);
  assert.equal(epcPayload(anIssuedInvoice({ payment, lines: free })), undefined);
  assert.equal(epcPayload(anIssuedInvoice({ payment, lines: dear })), undefined);
});

test('the code is printed exactly where there is a payload', async () => {
  const renderer = createPdfRenderer();
  assert.match(await textOf(renderer.render(anIssuedInvoice({ payment })).bytes), /Scan to pay/);
  assert.doesNotMatch(
    await textOf(renderer.render(anIssuedInvoice({ payment, currency: 'USD' })).bytes),
    /Scan to pay/,
  );
});

/** Reads the code as a camera would: the path's modules as pixels, with a quiet zone of four modules around them. */
function scan(svg: string): string | undefined {
  const size = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
  const scale = 4;
  const width = (size + 8) * scale;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y, length] of svg.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    for (let row = 0; row < scale; row++) {
      const start = ((Number(y) + 4) * scale + row) * width + (Number(x) + 4) * scale;
      for (let at = start; at < start + Number(length) * scale; at++) pixels.fill(0, at * 4, at * 4 + 3);
    }
  }
  // The package is CommonJS with a `default` property, and its types say so in their own way.
  const bytes = jsqr.default(pixels, width, width)?.binaryData;
  return bytes && Buffer.from(bytes).toString('utf8');
}
