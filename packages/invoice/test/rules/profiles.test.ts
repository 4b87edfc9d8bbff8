import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDraft, checkProfiles, profiles, type InvoiceDraft, type Profile } from '@invoicepress/invoice';
import { aDraft, aLine } from '../a-draft.ts';
import { aFrenchDraft, aGermanDraft, aPeppolDraft } from './drafts.ts';

const held = (draft: InvoiceDraft): Profile[] => {
  const answers = checkProfiles(draft);
  assert.deepEqual(Object.keys(answers), [...profiles]);
  return profiles.filter((profile) => answers[profile].length === 0);
};

test('each profile answers for itself, whichever the draft names', () => {
  assert.deepEqual(held(aDraft()), ['en16931', 'facturx']);
  assert.deepEqual(held(aGermanDraft()), ['en16931', 'xrechnung', 'peppol', 'facturx']);
  assert.deepEqual(held(aPeppolDraft()), ['en16931', 'peppol', 'facturx']);
  assert.deepEqual(held(aFrenchDraft()), ['en16931', 'facturx', 'fr-ctc']);
});

test('what breaks the norm breaks every profile', () => {
  const answers = checkProfiles(aGermanDraft({ lines: [aLine({ taxRate: '0' })] }));
  for (const profile of profiles)
    assert.ok(
      answers[profile].some(({ rule }) => rule === 'BR-S-05'),
      profile,
    );
});

test('a draft keeps the norm without naming a profile, and every profile that it names', () => {
  const draft = aGermanDraft({ buyer: { ...aDraft().buyer, address: { country: 'DE' } } });
  const rules = (named: Profile[]) => checkDraft({ ...draft, profiles: named }).map(({ rule }) => rule);
  assert.deepEqual(rules(['en16931']), []);
  assert.deepEqual(rules(['facturx']), []);
  assert.deepEqual(rules(['xrechnung']), ['PEPPOL-EN16931-R010', 'BR-DE-8', 'BR-DE-9']);
  assert.deepEqual(rules(['xrechnung', 'peppol']), [
    'PEPPOL-EN16931-R010',
    'BR-DE-8',
    'BR-DE-9',
    'DE-R-008',
    'DE-R-009',
  ]);
});
