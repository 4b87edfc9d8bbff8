import { countries } from '../codes/places.ts';
import type { Report, Rules } from './rule.ts';

/** Who is who: what identifies the seller, whose VAT identifiers they are, and who else is paid. */
export const partyRules: Rules = ({ draft: { seller, buyer, payee, taxRepresentative } }, report) => {
  if (!seller.vatId && !seller.registrationId && !seller.identifiers?.length) {
    const detail = 'a seller is identified by a vatId, a registrationId or one of its identifiers';
    report('BR-CO-26', 'BT-31', '/seller/vatId', detail);
  }
  vatPrefix(seller.vatId, '/seller/vatId', 'BT-31', report);
  vatPrefix(buyer.vatId, '/buyer/vatId', 'BT-48', report);
  vatPrefix(taxRepresentative?.vatId, '/taxRepresentative/vatId', 'BT-63', report);
  if ((buyer.identifiers?.length ?? 0) > 1)
    report('UBL-SR-16', 'BT-46', '/buyer/identifiers/1', 'a buyer has one identifier at most');
  if (!payee) return;
  const isSeller =
    payee.name === seller.name ||
    payee.name === seller.tradingName ||
    (payee.registrationId !== undefined && payee.registrationId === seller.registrationId) ||
    (payee.identifier !== undefined && seller.identifiers?.some(({ id }) => id === payee.identifier?.id));
  if (isSeller) report('BR-17', 'BT-59', '/payee', 'a payee is somebody else than the seller; leave it out');
};

const vatPrefix = (vatId: string | undefined, pointer: string, term: string, report: Report): void => {
  if (vatId === undefined) return;
  const prefix = vatId.slice(0, 2);
  if (prefix === 'EL' || countries.has(prefix)) return;
  report('BR-CO-09', term, pointer, `${vatId} does not begin with a country code such as DE ("EL" for Greece)`);
};
