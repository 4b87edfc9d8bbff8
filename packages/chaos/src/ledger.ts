import type { InvoiceDraft } from '@invoicepress/invoice';

/** A request that a client has made, and what it was told. */
export interface SubmitRequest {
  round: number;
  /** Index of the tenant. */
  tenant: number;
  key: string;
  drafts: InvoiceDraft[];
  batch: boolean;
  /** The first acknowledgement. */
  answer?: string;
  /** Of the invoices in it, in the order of the drafts. */
  ids: string[];
}

export const invariants = {
  I1: 'every acknowledged key has exactly one invoice and replays identically',
  I2: 'numbers are unique and gapless per series',
  I3: 'every invoice is settled within the bound',
  I4: 'ready means stored: size, SHA-256 and totals',
  I5: 'one document per format, in one version; orphans counted and bounded',
  I6: 'lease epochs grow, and exactly one attempt commits',
  I7: 'transitions lie in the graph',
  I8: 'one event per transition, delivered to receivers',
  I9: 'a document can be fetched before its webhook arrives',
  I10: 'nothing crosses tenants',
  I11: 'committed bytes never change',
} as const;

export type Invariant = keyof typeof invariants;

export interface Violation {
  invariant: Invariant;
  /** The round that the invoice was submitted in; 0 when it is none's. */
  round: number;
  what: string;
}

/** Everything that clients have asked for and were told, and what was found wrong. */
export interface Ledger {
  requests: SubmitRequest[];
  violations: Violation[];
  /** Looks taken at each invariant. */
  checked: Map<Invariant, number>;
  /** SHA-256 by storage key, as first seen of a ready invoice. */
  firstSeen: Map<string, string>;
  expect(invariant: Invariant, condition: boolean, round: number, what: () => string): void;
  roundOf(invoiceId: string): number;
}

export const createLedger = (): Ledger => {
  const requests: SubmitRequest[] = [];
  const violations: Violation[] = [];
  const checked = new Map<Invariant, number>();
  return {
    requests,
    violations,
    checked,
    firstSeen: new Map(),
    expect: (invariant, condition, round, what) => {
      checked.set(invariant, (checked.get(invariant) ?? 0) + 1);
      if (condition) return;
      const violation = { invariant, round, what: what() };
      // The last look finds again what an earlier one has found.
      if (!violations.some((known) => known.what === violation.what)) violations.push(violation);
    },
    roundOf: (invoiceId) => requests.find(({ ids }) => ids.includes(invoiceId))?.round ?? 0,
  };
};
