import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XmlDocument } from 'libxml2-wasm';
import { each, group, leaf, xmlDocument } from '../../src/xml/writer.ts';

/** Char, as production 2 of XML 1.0 lists it. */
const isXmlCharacter = (code: number): boolean =>
  code === 0x9 ||
  code === 0xa ||
  code === 0xd ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff);

test('every character of Unicode comes back as it was, in text and in attributes, save those that XML forbids', () => {
  const block = 0x1000;
  for (let start = 0; start <= 0x10ffff; start += block) {
    const codes = Array.from({ length: block }, (_, index) => start + index);
    // Apart from each other, lest two halves make a pair.
    const text = codes.map((code) => `${String.fromCodePoint(code)}|`).join('');
    const allowed = codes.map((code) => `${isXmlCharacter(code) ? String.fromCodePoint(code) : ''}|`).join('');
    using document = XmlDocument.fromString(xmlDocument('root', {}, leaf('a', text, { b: text })));
    const where = `U+${start.toString(16)} to U+${(start + block - 1).toString(16)}`;
    assert.ok(document.get('/root/a')?.content === allowed, `text, ${where}`);
    assert.ok(document.get('/root/a/@b')?.content === allowed, `attribute, ${where}`);
  }
});

test('half a surrogate pair is left out, its neighbours stay', () => {
  assert.equal(leaf('a', 'x\ud83dy\ude00z 😀'), '<a>xyz 😀</a>\n');
});

test('markup in a text stays a text', () => {
  const text = `</a><!-- ]]> <![CDATA[ & &amp; " ' <?x?> \r\n\t`;
  using document = XmlDocument.fromString(xmlDocument('root', { xmlns: 'urn:x' }, leaf('a', text)));
  assert.equal(document.get('/x:root/x:a', { x: 'urn:x' })?.content, text);
});

test('nothing is written where there is nothing to say', () => {
  for (const value of [undefined, '', ' \n', '\r', '\u0000']) assert.equal(leaf('a', value, { b: 'c' }), '');
  assert.equal(group('a', leaf('b', undefined), group('c')), '');
  assert.equal(
    each(undefined, () => 'x'),
    '',
  );
});

test('an attribute without a value is left out', () => {
  assert.equal(leaf('a', '1', { b: undefined, c: 'd' }), '<a c="d">1</a>\n');
});
