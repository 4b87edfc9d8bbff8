import type { DraftAdjustment, DraftLine, DraftLineAdjustment } from '@invoicepress/invoice';
import { decimalOf, minorUnits, percentOf } from '../exact.ts';
import { given, type Draw } from './draw.ts';
import { identifierIn } from './identifiers.ts';
import type { Scene, Tax } from './scene.ts';
import { dateOf, digits, prose, reference, text } from './texts.ts';

/** At most `whole` before the point and up to so many places after it. */
const decimal = (draw: Draw, whole: number, places: number): string => {
  const kept = draw.between(0, places);
  return `${draw.between(0, whole)}${kept > 0 ? `.${digits(draw, kept)}` : ''}`;
};

const reason = (draw: Draw, codes: readonly string[]) =>
  draw.pick([
    { reason: text(draw) },
    { reasonCode: draw.pick(codes) },
    { reason: text(draw), reasonCode: draw.pick(codes) },
  ]);
const allowanceReason = (draw: Draw) => reason(draw, ['95', '100', '41', '104']); // UNTDID 5189
const chargeReason = (draw: Draw) => reason(draw, ['FC', 'ABL', 'PC', 'ZZZ']); // UNTDID 7161

/** A part of `most`, as an amount or as so many per cent of a base; in minor units beside it. */
const part = ({ draw, places, wholeNumbers }: Scene, most: bigint): { stated: DraftLineAdjustment; amount: bigint } => {
  const share = draw.pick(['12.5', '3', '0.1', '33.33', '100']);
  if (!wholeNumbers && draw.chance(40)) {
    const amount = percentOf(most, share);
    const base = { percent: share, baseAmount: decimalOf(most, places) };
    return { stated: draw.chance(50) ? { ...base, amount: decimalOf(amount, places) } : base, amount };
  }
  const amount = percentOf(most, share);
  return { stated: { amount: decimalOf(amount, places) }, amount };
};

const price = ({ draw, wholeNumbers }: Scene): Pick<DraftLine, 'unitPrice' | 'grossPrice' | 'priceDiscount'> => {
  if (wholeNumbers) return { unitPrice: decimal(draw, 9_999, 0) };
  if (draw.chance(75)) return { unitPrice: decimal(draw, draw.pick([10, 999, 99_999]), 4) };
  const discount = draw.between(0, 999);
  const gross = discount + draw.between(0, 99_999);
  const stated = {
    grossPrice: decimalOf(BigInt(gross), 2),
    ...(discount > 0 && { priceDiscount: decimalOf(BigInt(discount), 2) }),
  };
  return draw.chance(50) ? stated : { ...stated, unitPrice: decimalOf(BigInt(gross - discount), 2) };
};

/** Quantity × price ÷ base in minor units, with so much of allowances and charges. */
const goods = (line: DraftLine, places: number, adjustments = 0n): bigint => {
  const { quantity, grossPrice = '0', priceDiscount = '0', priceBaseQuantity } = line;
  const net = line.unitPrice ?? decimalOf(minorUnits(6, grossPrice) - minorUnits(6, priceDiscount), 6);
  return minorUnits(places, quantity, net, priceBaseQuantity, adjustments);
};

const linePeriod = ({ draw, issueDay }: Scene) =>
  given({ start: dateOf(issueDay - 20), end: draw.maybe(70, () => dateOf(issueDay - draw.between(0, 20))) });

const item = (draw: Draw) =>
  given({
    description: draw.maybe(25, () => prose(draw)),
    note: draw.maybe(15, () => prose(draw)),
    invoicedObject: draw.maybe(10, () => ({ id: reference(draw), ...(draw.chance(50) && { scheme: 'ABZ' }) })),
    orderLineReference: draw.maybe(20, () => String(draw.between(1, 99))),
    accountingReference: draw.maybe(10, () => reference(draw)),
    sellerItemId: draw.maybe(20, () => reference(draw)),
    buyerItemId: draw.maybe(10, () => reference(draw)),
    standardItemId: draw.maybe(10, () => ({ scheme: '0160', id: identifierIn(draw, '0160') })),
    classifications: draw.maybe(10, () =>
      Array.from({ length: draw.between(1, 2) }, () => ({
        code: digits(draw, 8),
        scheme: draw.pick(['STI', 'TST', 'ZZZ']),
        ...given({ version: draw.maybe(30, () => '2008') }),
      })),
    ),
    originCountry: draw.maybe(10, () => draw.pick(['CN', 'DE', 'XI'])),
    attributes: draw.maybe(15, () =>
      Array.from({ length: draw.between(1, 3) }, () => ({ name: text(draw), value: text(draw) })),
    ),
    unit: draw.maybe(70, () => draw.pick(['C62', 'HUR', 'KGM', 'MTR', 'XPP', 'DAY'])),
  });

/** A line and its net amount in minor units, which is never below zero. */
const drawLine = (scene: Scene): { line: DraftLine; net: bigint } => {
  const { draw, places, wholeNumbers } = scene;
  const plain: DraftLine = {
    name: text(draw),
    quantity: decimal(draw, draw.pick([9, 99, 9_999]), wholeNumbers ? 0 : 3),
    ...price(scene),
    ...(!wholeNumbers && draw.chance(15) && { priceBaseQuantity: draw.pick(['10', '100', '3', '0.5']) }),
    ...draw.pick(scene.taxes),
    ...item(draw),
    ...given({ period: draw.maybe(15, () => linePeriod(scene)) }),
  };
  const value = goods(plain, places);
  const allowances = Array.from({ length: draw.chance(15) ? draw.between(1, 2) : 0 }, () => part(scene, value / 2n));
  const charges = Array.from({ length: draw.chance(10) ? draw.between(1, 2) : 0 }, () => part(scene, value));
  const sum = (parts: { amount: bigint }[]) => parts.reduce((total, { amount }) => total + amount, 0n);
  return {
    line: {
      ...plain,
      ...(allowances.length > 0 && {
        allowances: allowances.map(({ stated }) => ({ ...stated, ...allowanceReason(draw) })),
      }),
      ...(charges.length > 0 && { charges: charges.map(({ stated }) => ({ ...stated, ...chargeReason(draw) })) }),
    },
    net: goods(plain, places, sum(charges) - sum(allowances)),
  };
};

/** Mostly few, at times many. */
const lineCount = (draw: Draw): number => {
  if (draw.chance(92)) return draw.between(1, 5);
  return draw.chance(85) ? draw.between(6, 40) : draw.between(41, 500);
};

const returned = ({ quantity, ...line }: DraftLine): DraftLine => ({ ...line, quantity: `-${quantity}` });

/** What a line, an allowance or a charge adds to the total, in minor units. */
export interface Contribution {
  tax: Tax;
  net: bigint;
}

/** Lines, allowances and charges. Whatever is taken back or deducted was charged at the same rate before. */
export const drawBody = (scene: Scene): { body: DraftBody; contributions: Contribution[] } => {
  const { draw } = scene;
  const drawnLines = Array.from({ length: lineCount(draw) }, () => drawLine(scene));
  const returns = drawnLines
    .filter(({ line }) => !line.allowances && !line.charges && /[1-9]/.test(line.quantity) && draw.chance(5))
    .map(({ line, net }) => ({ line: returned(line), net: -net }));
  const lines = [...drawnLines, ...returns];
  const numbered = draw.chance(20);
  const contributions: Contribution[] = lines.map(({ line, net }) => ({ tax: line, net }));
  const adjustments = (parts: { stated: DraftAdjustment; amount: bigint }[], sign: bigint) => {
    contributions.push(...parts.map(({ stated, amount }) => ({ tax: stated, net: sign * amount })));
    return parts.length > 0 ? parts.map(({ stated }) => stated) : undefined;
  };
  return {
    body: {
      lines: lines.map(({ line }, index) => ({ ...line, ...(numbered && { id: `L${index + 1}` }) })),
      ...given({
        allowances: adjustments(documentAllowances(scene, lines), -1n),
        charges: adjustments(documentCharges(scene), 1n),
      }),
    },
    contributions,
  };
};

interface DraftBody {
  lines: DraftLine[];
  allowances?: DraftAdjustment[];
  charges?: DraftAdjustment[];
}

const count = (draw: Draw) => ({ length: draw.chance(25) ? draw.between(1, 2) : 0 });

const documentAllowances = (scene: Scene, lines: { line: DraftLine; net: bigint }[]) => {
  const { draw, taxes } = scene;
  return Array.from(count(draw), () => {
    const tax = draw.pick(taxes);
    const charged = lines
      .filter(({ line }) => line.taxCategory === tax.taxCategory && line.taxRate === tax.taxRate)
      .reduce((sum, { net }) => sum + net, 0n);
    const { stated, amount } = part(scene, charged / 2n);
    return { stated: { ...stated, ...allowanceReason(draw), ...tax }, amount };
  });
};

const documentCharges = (scene: Scene) => {
  const { draw, taxes } = scene;
  return Array.from(count(draw), () => {
    const { stated, amount } = part(scene, BigInt(draw.between(1, 99_999)));
    return { stated: { ...stated, ...chargeReason(draw), ...draw.pick(taxes) }, amount };
  });
};
