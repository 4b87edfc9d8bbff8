import { aDraft, aLine } from '../a-draft.ts';
import { aGermanDraft } from './drafts.ts';
import { holds, violates } from './table.ts';

const { buyer } = aDraft();
const southSudan = { buyer: { ...buyer, address: { country: 'SS' } } };
const twice = { precedingInvoices: [{ number: 'R-1' }, { number: 'R-2' }] };
const canaries = { lines: [aLine({ taxCategory: 'L', taxRate: '0' })] };

violates([
  ['BR-CL-14', '/buyer/address/country', /send UBL/, aDraft({ ...southSudan, formats: ['pdf', 'cii'] })],
  ['BR-CL-14', '/buyer/address/country', /South Sudan/, aDraft({ ...southSudan, profiles: ['facturx'] })],
  [
    'BR-CL-15',
    '/lines/1/originCountry',
    /South Sudan/,
    aDraft({ formats: ['cii'], lines: [aLine(), aLine({ originCountry: 'SS' })] }),
  ],
  [undefined, '/precedingInvoices/1', /one preceding/, aGermanDraft({ ...twice, formats: ['cii'] })],
  ['BR-AF-05', '/lines/0/taxRate', /above 0 in category L/, aDraft({ ...canaries, formats: ['facturx'] })],
]);

holds({
  'an invoice to South Sudan, not in CII': aDraft({ ...southSudan, formats: ['pdf', 'ubl'] }),
  'an XRechnung that refers to two, not in CII': aGermanDraft({ ...twice, formats: ['ubl'] }),
  'IGIC at 0 per cent, not in CII': aDraft(canaries),
});
