import { ProblemError } from '@invoicepress/client';
import { issueInvoice, mayFollow, type InvoiceDraft, type InvoiceStatus } from '@invoicepress/invoice';
import { verifyDocument } from '@invoicepress/stack/demo-verify';
import type { Change, DocumentRow, EventRow, InvoiceRow } from './audit.ts';
import type { Ledger } from './ledger.ts';
import { sha256Of } from './objects.ts';
import type { Site } from './site.ts';

/** Documents that are read at a time. */
const READERS = 4;

/** Everything that the database holds of some invoices. */
export interface Found {
  invoices: InvoiceRow[];
  documents: DocumentRow[];
  changes: Change[];
  events: EventRow[];
}

/** Invariants of single invoices, right after their round or at the end. */
export const checkInvoices = async (site: Site, ledger: Ledger, found: Found): Promise<void> => {
  const { documents, changes, events } = found;
  const changesOf = Map.groupBy(changes, ({ invoice_id }) => invoice_id);
  const eventsOf = Map.groupBy(events, ({ invoice_id }) => invoice_id);
  const documentsOf = Map.groupBy(documents, ({ invoice_id }) => invoice_id);
  const drafts = draftsById(ledger);
  for (const invoice of found.invoices) {
    const round = ledger.roundOf(invoice.id);
    const own = changesOf.get(invoice.id) ?? [];
    checkTransitions(ledger, invoice, own, round);
    checkEpochs(ledger, invoice, own, site.steps.commits.get(invoice.id) ?? [], round);
    checkEvents(ledger, invoice, own, eventsOf.get(invoice.id) ?? [], round);
    checkVersions(ledger, invoice, documentsOf.get(invoice.id) ?? [], drafts.get(invoice.id), round);
  }
  const byId = new Map(found.invoices.map((invoice) => [invoice.id, invoice]));
  const left = [...documents];
  const read = async () => {
    for (let document = left.pop(); document; document = left.pop()) {
      const invoice = byId.get(document.invoice_id);
      if (invoice) await checkDocument(site, ledger, invoice, document, drafts.get(invoice.id));
    }
  };
  await Promise.all(Array.from({ length: READERS }, read));
};

const draftsById = ({ requests }: Ledger): Map<string, InvoiceDraft> =>
  new Map(
    requests.flatMap(({ ids, drafts }) =>
      ids.flatMap((id, i): [string, InvoiceDraft][] => (drafts[i] ? [[id, drafts[i]]] : [])),
    ),
  );

const checkTransitions = ({ expect }: Ledger, { id }: InvoiceRow, changes: Change[], round: number): void => {
  for (const { from_status: from, to_status: to } of changes) {
    const allowed =
      from === null
        ? to === 'queued'
        : from === to
          ? !['ready', 'canceled'].includes(from)
          : mayFollow(from as InvoiceStatus, to as InvoiceStatus);
    expect('I7', allowed, round, () => `invoice ${id} went from ${from ?? 'nothing'} to ${to}`);
  }
};

const checkEpochs = (
  { expect }: Ledger,
  { id, status }: InvoiceRow,
  changes: Change[],
  commits: number[],
  round: number,
): void => {
  for (const { from_epoch: from, to_epoch: to, from_status, to_status } of changes) {
    if (from === null) continue;
    const claimed = to_status === 'rendering' && from_status === 'queued';
    expect('I6', to >= from + (claimed ? 1 : 0), round, () => `the lease epoch of ${id} went from ${from} to ${to}`);
  }
  const made = changes.filter((change) => change.to_status === 'ready');
  expect('I6', made.length === (status === 'ready' ? 1 : 0), round, () => `${id} became ready ${made.length} times`);
  expect(
    'I6',
    commits.length <= made.length,
    round,
    () => `${id} was committed under the epochs ${commits.join(', ')}`,
  );
  for (const epoch of commits) {
    const held = made[0]?.to_epoch;
    const what = () => `${id} was committed by the attempt of epoch ${epoch} while ${held} held the lease`;
    expect('I6', epoch === held, round, what);
  }
};

const checkEvents = (
  { expect }: Ledger,
  { id }: InvoiceRow,
  changes: Change[],
  events: EventRow[],
  round: number,
): void => {
  const due = changes.flatMap(({ from_status: from, to_status: to }) =>
    from === null ? 'invoice.accepted' : from === to ? [] : `invoice.${to}`,
  );
  const told = events.map(({ type }) => type);
  expect('I8', due.join() === told.join(), round, () => `${id} did ${due.join(', ')} and told ${told.join(', ')}`);
};

const checkVersions = (
  { expect }: Ledger,
  { id, status, tenant_id }: InvoiceRow,
  documents: DocumentRow[],
  draft: InvoiceDraft | undefined,
  round: number,
): void => {
  const due = status === 'ready' ? (draft?.formats ?? ['pdf']).toSorted().join() : '';
  const made = documents.map(({ format }) => format).toSorted();
  expect('I5', made.join() === due, round, () => `${id} is ${status}, and of ${due} has ${made.join() || 'nothing'}`);
  for (const document of documents) {
    const own = document.tenant_id === tenant_id && document.storage_key.startsWith(`${tenant_id}/${id}/`);
    expect('I10', own, round, () => `${id} refers to ${document.storage_key}`);
  }
};

/** I4 and I11: the bytes, past every proxy; read as what they are when they are seen for the first time. */
const checkDocument = async (
  { objects }: Site,
  { expect, roundOf, firstSeen }: Ledger,
  invoice: InvoiceRow,
  { format, storage_key: key, sha256, size_bytes: sizeBytes }: DocumentRow,
  draft: InvoiceDraft | undefined,
): Promise<void> => {
  const round = roundOf(invoice.id);
  const bytes = await objects.get(key);
  expect('I4', bytes !== undefined, round, () => `${invoice.id} is ready, and ${key} does not exist`);
  if (bytes === undefined) return;
  const actual = sha256Of(bytes);
  const first = firstSeen.get(key);
  expect('I11', (first ?? actual) === actual, round, () => `${key} has changed since it was ready`);
  expect('I4', actual === sha256 && bytes.length === sizeBytes, round, () => `${key} is not what its row says`);
  if (first !== undefined || !draft) return;
  firstSeen.set(key, actual);

  const { number } = invoice;
  const { totals, currency } = issueInvoice(draft, number, draft.issueDate ?? '');
  const link = { sha256, sizeBytes };
  const shown = { number, currency, totals };
  const fault = await verifyDocument({ format, bytes, link, invoice: shown, submitted: draft }).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  expect('I4', fault === undefined, round, () => `${key}: ${fault}`);
};

/** Invariants of the whole: what exists, who sees it, and what lies in storage. */
export const checkWhole = async (site: Site, ledger: Ledger, found: Found): Promise<{ orphans: number }> => {
  const { expect, requests, roundOf } = ledger;
  const acknowledged = new Set(requests.flatMap(({ ids }) => ids));
  for (const { id, number } of found.invoices)
    expect('I1', acknowledged.has(id), 0, () => `invoice ${number} (${id}) exists, and nobody was told of it`);
  const existing = new Set(found.invoices.map(({ id }) => id));
  for (const id of acknowledged)
    expect('I1', existing.has(id), roundOf(id), () => `${id} was acknowledged, and does not exist`);
  checkNumbers(ledger, found);
  await checkTenants(site, ledger, found);
  return checkObjects(site, ledger, found);
};

const checkNumbers = ({ expect }: Ledger, { invoices }: Found): void => {
  for (const [tenant, own] of Map.groupBy(invoices, ({ tenant_id }) => tenant_id)) {
    const numbers = own.map(({ number }) => number);
    expect('I2', new Set(numbers).size === numbers.length, 0, () => `tenant ${tenant} has a number twice`);
    const counts = numbers.flatMap((number) => /^[AB]-(\d{5})$/.exec(number)?.[1] ?? []).map(Number);
    const gap = counts.sort((a, b) => a - b).findIndex((count, i) => count !== i + 1);
    expect('I2', gap < 0, 0, () => `the series of ${tenant} lacks number ${gap + 1}; it has ${counts[gap]} there`);
  }
};

/** What each tenant sees by the API is its own, and all of it. */
const checkTenants = async ({ tenants }: Site, { expect, requests, roundOf }: Ledger, { invoices }: Found) => {
  for (const [tenant, { client, slug }] of tenants.entries()) {
    const own = new Set(requests.filter((request) => request.tenant === tenant).flatMap(({ ids }) => ids));
    const seen = await Array.fromAsync(client.listInvoices({ limit: '100' }), ({ id }) => id);
    for (const id of seen) expect('I10', own.has(id), roundOf(id), () => `${slug} sees ${id}, which is not its own`);
    expect('I10', seen.length === own.size, 0, () => `${slug} has ${own.size} invoices and sees ${seen.length}`);
    const foreign = invoices.find(({ id }) => !own.has(id));
    if (!foreign) continue;
    const answer = await client.getInvoice(foreign.id).catch((error: unknown) => error);
    const hidden = answer instanceof ProblemError && answer.problem.status === 404;
    expect('I10', hidden, roundOf(foreign.id), () => `${slug} can read ${foreign.id}`);
  }
};

const checkObjects = async (
  { objects }: Site,
  { expect, roundOf }: Ledger,
  { documents, invoices }: Found,
): Promise<{ orphans: number }> => {
  const referenced = new Set(documents.map(({ storage_key }) => storage_key));
  const keys = await objects.list();
  const statuses = new Map(invoices.map(({ id, status }) => [id, status]));
  for (const [invoiceId, own] of Map.groupBy(keys, (key) => key.split('/').at(-2) ?? '')) {
    const round = roundOf(invoiceId);
    for (const [extension, versions] of Map.groupBy(own, (key) => key.slice(key.indexOf('.'))))
      expect(
        'I5',
        versions.length === 1,
        round,
        () => `${invoiceId}${extension} has ${versions.length} versions in storage`,
      );
    expect('I5', statuses.has(invoiceId), round, () => `storage has a document of ${invoiceId}, which does not exist`);
  }
  return { orphans: keys.filter((key) => !referenced.has(key)).length };
};
