import type { SubmitInvoice } from '@invoicepress/client';

/** An invoice as a client app would submit it. Every person, company and tax number in the samples is invented. */
export interface Sample {
  /** Names the downloaded file: "de-agency" becomes de-agency.pdf. */
  name: string;
  invoice: SubmitInvoice;
}

/** The series that most samples draw their numbers from; define it before submitting them. */
export const demoSeries = { name: 'DEMO', prefix: 'DEMO-', padding: 5, yearlyReset: true };
export const series = demoSeries.name;
