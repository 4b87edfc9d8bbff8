import type { Address, ElectronicAddress, Identifier, InvoiceDraft, Party } from '@invoicepress/invoice';
import { given, type Draw } from './draw.ts';
import { icdSchemes, identifierIn, siren } from './identifiers.ts';
import type { Scene } from './scene.ts';
import { dateOf, digits, prose, reference, text } from './texts.ts';

const vatIdIn = (draw: Draw, country: string): string => `${country === 'GR' ? 'EL' : country}${digits(draw, 9)}`;

export const identifier = (draw: Draw): Identifier => {
  const scheme = draw.maybe(70, () => draw.pick(icdSchemes));
  return scheme === undefined ? { id: reference(draw) } : { id: identifierIn(draw, scheme), scheme };
};

/** Each scheme once (BR-FR-CO-10). */
const identifiers = (draw: Draw, atMost: number): Identifier[] => {
  const drawnOnes = Array.from({ length: draw.between(1, atMost) }, () => identifier(draw));
  return [...new Map(drawnOnes.map((each) => [each.scheme, each])).values()];
};

export const address = (draw: Draw, country: string, complete = false): Address => ({
  country,
  ...given({
    line1: draw.maybe(80, () => text(draw)),
    line2: draw.maybe(20, () => text(draw)),
    line3: draw.maybe(10, () => text(draw)),
    city: draw.maybe(complete ? 100 : 80, () => draw.pick(['Köln', 'Saint-Étienne', 'Łódź', '東京都'])),
    postCode: draw.maybe(complete ? 100 : 80, () => digits(draw, 5)),
    subdivision: draw.maybe(10, () => draw.pick(['Bayern', 'Île-de-France'])),
  }),
});

const electronicAddress = ({ draw, held }: Scene): ElectronicAddress => {
  if (held('fr-ctc')) return { scheme: '0225', id: siren(draw) }; // letters, digits and + - _ / alone: BR-FR-23
  const scheme = draw.pick(held('peppol') ? ['0088', '0208', '9930'] : ['0088', '0208', '9930', '0204', 'EM']);
  if (scheme === 'EM') return { scheme, id: 'billing@example.com' };
  return { scheme, id: scheme === '9930' ? vatIdIn(draw, 'DE') : identifierIn(draw, scheme) };
};

const registration = (draw: Draw) => {
  const scheme = draw.maybe(60, () => draw.pick(icdSchemes));
  return scheme === undefined
    ? { registrationId: `HRB ${digits(draw, 5)}` }
    : { registrationId: identifierIn(draw, scheme), registrationScheme: scheme };
};

const contact = (draw: Draw, complete: boolean) =>
  given({
    name: complete || draw.chance(60) ? text(draw) : undefined,
    phone: complete || draw.chance(60) ? `+49 221 ${digits(draw, 7)}` : undefined,
    email: 'anna.muster@example.com',
  });

const party = (scene: Scene, country: string): Party => {
  const { draw, held, germanRules } = scene;
  const addressed = held('peppol') || held('xrechnung') || held('fr-ctc');
  return {
    name: text(draw),
    address: address(draw, country, germanRules),
    ...given({
      tradingName: draw.maybe(20, () => text(draw)),
      electronicAddress: draw.maybe(addressed ? 100 : 40, () => electronicAddress(scene)),
    }),
  };
};

/** Whoever the seller is taxed by, something identifies them: BT-29, BT-30 or BT-31 (BR-CO-26). */
const sellerTax = (scene: Scene, represented: boolean) => {
  const { draw, sellerCountry: country } = scene;
  if (scene.taxed('O') || (represented && draw.chance(50))) return registration(draw);
  if (scene.taxed('K') || scene.taxed('G') || draw.chance(80))
    return { vatId: vatIdIn(draw, country), ...(draw.chance(30) && registration(draw)) };
  return { taxNumber: `${digits(draw, 3)}/${digits(draw, 5)}`, ...registration(draw) };
};

export const seller = (scene: Scene, represented: boolean): Party => {
  const { draw, held, germanRules } = scene;
  return {
    ...party(scene, scene.sellerCountry),
    ...given({
      identifiers: draw.maybe(30, () => identifiers(draw, 3)),
      legalInformation: draw.maybe(20, () => prose(draw)),
      contact: draw.maybe(germanRules ? 100 : 40, () => contact(draw, germanRules)),
    }),
    ...sellerTax(scene, represented),
    ...(held('fr-ctc') && { registrationId: siren(draw), registrationScheme: '0002' }), // BR-FR-10
  };
};

export const buyer = (scene: Scene): Party => {
  const { draw } = scene;
  const country = scene.buyerCountry;
  const taxable = scene.taxed('AE') || scene.taxed('K');
  return {
    ...party(scene, country),
    ...given({
      vatId: draw.maybe(scene.taxed('O') ? 0 : taxable ? 100 : 60, () => vatIdIn(draw, country)),
      identifiers: draw.maybe(20, () => identifiers(draw, 1)),
      contact: draw.maybe(30, () => contact(draw, false)),
    }),
    ...(draw.chance(30) && registration(draw)),
  };
};

/** Payee, tax representative and delivery: whoever else appears. */
export const otherParties = (scene: Scene, represented: boolean): Partial<InvoiceDraft> => {
  const { draw } = scene;
  const shipped = scene.taxed('K'); // BR-IC-11, BR-IC-12
  const addressed = shipped || draw.chance(70);
  return given({
    payee: draw.maybe(10, () => ({
      name: `Factoring ${text(draw)}`, // another name than the seller's: BR-17
      ...given({ identifier: draw.maybe(50, () => ({ id: `F-${reference(draw)}` })) }),
      ...(draw.chance(50) && registration(draw)),
    })),
    taxRepresentative: represented
      ? { name: text(draw), vatId: vatIdIn(draw, 'FR'), address: address(draw, draw.pick(['FR', 'BE', 'AT'])) }
      : undefined,
    delivery: draw.maybe(shipped ? 100 : 25, () =>
      given({
        date: draw.maybe(shipped || !addressed ? 100 : 60, () => dateOf(scene.issueDay - draw.between(0, 30))),
        name: draw.maybe(30, () => text(draw)),
        location: draw.maybe(30, () => identifier(draw)),
        address: addressed ? address(draw, draw.pick(['AT', 'FR', 'PL']), scene.germanRules) : undefined,
      }),
    ),
  });
};
