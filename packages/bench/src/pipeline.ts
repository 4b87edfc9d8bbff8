import type { Client, Invoice, SubmitInvoice } from '@invoicepress/client';
import { isSettled } from '@invoicepress/invoice';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any round takes on a machine that is worth measuring. */
const ROUND_TIMEOUT_MS = 600_000;
/** Rarely enough that asking costs nothing that would show in the figures. */
const LOOK_MS = 250;

export interface PipelineRun {
  /** From the first byte of the first batch to the moment the last invoice became ready, by the database's clock. */
  seconds: number;
  invoices: Invoice[];
}

/**
 * Hands invoices to the API in batches and waits until the documents of every one are in storage.
 * @throws Error when one was refused, failed or took too long
 */
export const runThroughPipeline = async (
  client: Client,
  drafts: SubmitInvoice[],
  batchSize: number,
): Promise<PipelineRun> => {
  const startedAt = Date.now();
  const ids: string[] = [];
  for (let start = 0; start < drafts.length; start += batchSize) {
    ids.push(...(await submitBatch(client, drafts.slice(start, start + batchSize))));
  }
  const invoices = await untilReady(client, ids);
  const endedAt = Math.max(...invoices.map(({ readyAt }) => Date.parse(readyAt ?? '')));
  return { seconds: (endedAt - startedAt) / 1_000, invoices };
};

/** @returns the ids, in the order of the drafts  @throws Error when one was refused */
export const submitBatch = async (client: Client, drafts: SubmitInvoice[]): Promise<string[]> => {
  const { outcomes } = await client.submitBatch(drafts);
  return outcomes.map((outcome) => {
    if ('problem' in outcome) throw new Error(`the API refused an invoice: ${JSON.stringify(outcome.problem)}`);
    return outcome.invoice.id;
  });
};

/** Watches the last one, and looks at all only when that is done: invoices of one tenant are first come, first served. */
export const untilReady = async (client: Client, ids: string[]): Promise<Invoice[]> => {
  for (const last of ids.slice(-1)) {
    const deadline = Date.now() + ROUND_TIMEOUT_MS;
    while (!isSettled((await client.getInvoice(last)).status) && Date.now() < deadline) await sleep(LOOK_MS);
  }
  const invoices = await client.waitUntilSettled(ids, { timeoutMs: ROUND_TIMEOUT_MS });
  for (const { number, status, failure } of invoices) {
    if (status !== 'ready')
      throw new Error(`invoice ${number} is ${status}: ${failure?.reason ?? 'no reason is known'}`);
  }
  return invoices;
};
