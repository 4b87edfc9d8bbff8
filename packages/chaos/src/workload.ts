import { ProblemError, type Client, type Invoice } from '@invoicepress/client';
import type { Format, InvoiceDraft } from '@invoicepress/invoice';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger, SubmitRequest } from './ledger.ts';
import { createRandom, type Random } from './random.ts';
import type { Site } from './site.ts';

const SINGLES = { low: 2, high: 4 };
const BATCH = 3;
/** Between the requests of one client. */
const PAUSE_MS = 60;
const AGAIN_MS = 200;

/**
 * One round of what clients do: single submissions and batches, numbered by series and by themselves, twins under one
 * key, cancellations. Resolves when every request is acknowledged, or at `deadline`.
 */
export const runWorkload = async (
  site: Site,
  ledger: Ledger,
  { round, seed, prefix }: { round: number; seed: number; prefix: string },
  deadline: () => number,
): Promise<void> => {
  const random = createRandom(seed);
  const plans = site.tenants.map((_, tenant) => planRequests({ round, tenant, prefix }, random));
  ledger.requests.push(...plans.flat().map(({ request }) => request));
  await Promise.all(
    site.tenants.map(async ({ client }, tenant) => {
      const running: Promise<void>[] = [];
      for (const { request, twin, cancel } of plans[tenant] ?? []) {
        running.push(carryOut(client, ledger, request, { twin, cancel, deadline }));
        await sleep(PAUSE_MS);
      }
      await Promise.all(running);
    }),
  );
};

interface Plan {
  request: SubmitRequest;
  twin: boolean;
  cancel: boolean;
}

const planRequests = (
  { round, tenant, prefix }: { round: number; tenant: number; prefix: string },
  random: Random,
): Plan[] => {
  const names = Array.from({ length: random.between(SINGLES.low, SINGLES.high) }, (_, i) => `${prefix}-${round}-${i}`);
  const singles = names.map((name) => ({ name, drafts: [aDraft(name, tenant, random)], batch: false }));
  const batchName = `${prefix}-${round}-b`;
  const batch = {
    name: batchName,
    drafts: Array.from({ length: BATCH }, (_, i) => aDraft(`${batchName}${i}`, tenant, random)),
    batch: true,
  };
  return random.shuffled([...singles, batch]).map(({ name, drafts, batch: isBatch }) => ({
    request: { round, tenant, key: `key-${name}`, drafts, batch: isBatch, ids: [] },
    twin: random.next() < 0.25,
    cancel: !isBatch && random.next() < 0.2,
  }));
};

/** What some ask for; the others leave it to their tenant's default, the PDF. */
const wishes: Format[][] = [['facturx', 'cii'], ['pdf', 'ubl', 'json'], ['ubl']];

const sellers = ['Aster Druck GmbH', 'Birch Press Ltd'];

const aDraft = (name: string, tenant: number, random: Random): InvoiceDraft => ({
  ...(random.next() < 0.6 ? { series: 'main' } : { number: name }),
  ...(random.next() < 0.5 && { externalId: `order-${name}` }),
  ...(random.next() < 0.3 && { formats: random.pick(wishes) }),
  issueDate: '2026-11-22',
  currency: 'EUR',
  language: random.pick(['en', 'de', 'fr']),
  seller: { name: sellers[tenant] ?? '', vatId: 'DE293847561', address: { city: 'Berlin', country: 'DE' } },
  buyer: { name: 'Museum Nordlicht', address: { city: 'Wien', country: 'AT' } },
  lines: Array.from({ length: random.between(1, 4) }, (_, i) => ({
    name: `Item ${i + 1}`,
    quantity: String(random.between(1, 40)),
    unitPrice: (random.between(84, 99_999) / 100).toFixed(2),
    taxRate: '19',
  })),
  payment: { iban: 'DE89370400440532013000' },
});

const carryOut = async (
  client: Client,
  ledger: Ledger,
  request: SubmitRequest,
  { twin, cancel, deadline }: { twin: boolean; cancel: boolean; deadline: () => number },
): Promise<void> => {
  const once = () => submitUntilAnswered(client, ledger, request, deadline);
  await Promise.all(twin ? [once(), once()] : [once()]);
  const [id] = request.ids;
  if (cancel && id !== undefined) await client.cancelInvoice(id).catch(() => undefined); // rendering may have begun
};

/** Asks again, as a client app would, until it is told what became of its request. */
const submitUntilAnswered = async (
  client: Client,
  ledger: Ledger,
  request: SubmitRequest,
  deadline: () => number,
): Promise<void> => {
  let last: unknown;
  do {
    try {
      return note(ledger, request, await submit(client, request));
    } catch (error) {
      last = error;
      if (isRefusal(error)) break;
    }
    await sleep(AGAIN_MS);
  } while (Date.now() < deadline());
  const reason = last instanceof Error ? last.message : String(last);
  ledger.expect('I1', false, request.round, () => `${request.key} was never acknowledged: ${reason}`);
};

/** "Later" is no refusal, nor is a token that a clock which is off has made. */
const isRefusal = (error: unknown): boolean => {
  if (!(error instanceof ProblemError)) return false;
  const { status, type } = error.problem;
  return status < 500 && ![401, 429].includes(status) && !type.endsWith('request-in-progress');
};

interface Answer {
  text: string;
  invoices: Invoice[];
}

const submit = async (client: Client, { drafts, batch, key }: SubmitRequest): Promise<Answer> => {
  const [first] = drafts;
  if (!batch && first) {
    const invoice = await client.submitInvoice(first, { idempotencyKey: key });
    return { text: JSON.stringify(invoice), invoices: [invoice] };
  }
  const outcome = await client.submitBatch(drafts, { idempotencyKey: key });
  const invoices = outcome.outcomes.flatMap((each) => ('invoice' in each ? each.invoice : []));
  return { text: JSON.stringify(outcome), invoices };
};

const note = (ledger: Ledger, request: SubmitRequest, { text, invoices }: Answer): void => {
  const { answer, round, key, drafts } = request;
  request.answer ??= text;
  if (answer === undefined) request.ids = invoices.map(({ id }) => id);
  ledger.expect('I1', text === request.answer, round, () => `${key} was answered ${request.answer}, then ${text}`);
  ledger.expect('I1', invoices.length === drafts.length, round, () => `${key} was refused in part: ${text}`);
};

/** Asks again for everything that was acknowledged in this round: the answers have to be the same. */
export const replayRound = async (site: Site, ledger: Ledger, round: number, deadline: () => number): Promise<void> => {
  const acknowledged = ledger.requests.filter((request) => request.round === round && request.answer !== undefined);
  await Promise.all(
    acknowledged.map(async (request) => {
      const client = site.tenants[request.tenant]?.client;
      if (client) await submitUntilAnswered(client, ledger, request, deadline);
    }),
  );
};
