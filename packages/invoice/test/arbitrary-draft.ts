import fc from 'fast-check';
import {
  amountDecimals,
  decimal,
  type DraftLine,
  type DraftLineAdjustment,
  type InvoiceDraft,
} from '@invoicepress/invoice';
import { aDraft } from './a-draft.ts';

/** A decimal string of up to `digits` before and `decimals` after the point. */
const decimals = (digits: number, places: number) =>
  fc
    .tuple(
      fc.integer({ min: 0, max: 10 ** digits - 1 }),
      fc.integer({ min: 0, max: places }),
      fc.integer({ min: 0, max: 10 ** places - 1 }),
    )
    .map(([whole, kept, fraction]) =>
      kept === 0 ? `${whole}` : `${whole}.${String(fraction).padStart(places, '0').slice(0, kept)}`,
    );
const above0 = (value: string) => /[1-9]/.test(value);

const tax = fc.constantFrom(
  { taxRate: '19' },
  { taxRate: '19.00' },
  { taxRate: '7' },
  { taxRate: '5.5' },
  { taxRate: '8.1' },
  { taxRate: '20.6' },
  { taxCategory: 'Z' as const },
  { taxCategory: 'E' as const, taxExemptionReason: 'Exempt' },
);
/** A discount, or freight, as an amount or as a percentage. */
const adjustment = (places: number): fc.Arbitrary<DraftLineAdjustment> =>
  fc.oneof(
    decimals(3, places).map((amount) => ({ reason: 'Reason', amount })),
    fc
      .tuple(decimals(4, places), fc.constantFrom('10', '2.5', '33.3333', '0'))
      .map(([baseAmount, percent]) => ({ reason: 'Reason', baseAmount, percent })),
  );

const price = fc.oneof(
  decimals(5, 4).map((unitPrice) => ({ unitPrice })),
  fc
    .tuple(decimals(5, 4), fc.integer({ min: 0, max: 100 }))
    .map(([grossPrice, part]) => ({ grossPrice, priceDiscount: decimal(grossPrice).times(part).div(100).toFixed() })),
);

const line = (places: number): fc.Arbitrary<DraftLine> =>
  fc
    .record({
      quantity: decimals(4, 3),
      returned: fc.boolean(),
      price,
      base: fc.constantFrom(
        {},
        ...['1', '3', '7', '100', '0.5', '12.5'].map((priceBaseQuantity) => ({ priceBaseQuantity })),
      ),
      tax,
      allowances: fc.array(adjustment(places), { maxLength: 2 }),
      charges: fc.array(adjustment(places), { maxLength: 2 }),
    })
    .map(({ quantity, returned, price: prices, base, tax: rate, allowances, charges }) => ({
      name: 'Thing',
      quantity: returned && above0(quantity) ? `-${quantity}` : quantity,
      ...prices,
      ...base,
      allowances,
      charges,
      ...rate,
    }));

/** Drafts in currencies of 0, 2 and 3 decimals, with everything that has a part in the arithmetic. */
export const draft: fc.Arbitrary<InvoiceDraft> = fc
  .constantFrom('EUR', 'USD', 'JPY', 'ISK', 'KWD')
  .chain((currency) => {
    const places = amountDecimals(currency);
    const taxed = fc.tuple(adjustment(places), tax).map(([each, rate]) => ({ ...each, ...rate }));
    const rounding = decimals(1, places).map((amount) => (above0(amount) ? `-${amount}` : amount));
    return fc
      .record(
        {
          lines: fc.array(line(places), { minLength: 1, maxLength: 12 }),
          allowances: fc.array(taxed, { maxLength: 3 }),
          charges: fc.array(taxed, { maxLength: 3 }),
          prepaidAmount: decimals(3, places),
          roundingAmount: fc.oneof(decimals(1, places), rounding),
          taxCurrency: fc.record({ currency: fc.constantFrom('PLN', 'KRW'), rate: decimals(2, 4).filter(above0) }),
        },
        { requiredKeys: ['lines'] },
      )
      .map((parts) => aDraft({ currency, ...parts }));
  });
