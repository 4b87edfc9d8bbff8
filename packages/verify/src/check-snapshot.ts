import {
  canonicalJson,
  decimal,
  isBuiltIn,
  mayFollow,
  type InvoiceStatus,
  type IssuedInvoice,
} from '@invoicepress/invoice';
import { templatePath, type Manifest } from '@invoicepress/proof';
import { judge, type Finding } from './report.ts';

/** Reads the frozen invoice. What it lacks shows when the documents are made of it once more. */
export const readSnapshot = (bytes: Uint8Array): IssuedInvoice | undefined => {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as IssuedInvoice;
    return Buffer.from(canonicalJson(value)).equals(bytes) && Array.isArray(value.formats) ? value : undefined;
  } catch {
    return undefined;
  }
};

const totals = ['taxExclusive', 'tax', 'taxInclusive', 'payable'] as const;

/** What the manifest tells of the invoice, which comes from the row in the database, against what was frozen. */
export const checkSnapshot = ({ invoice, template, files }: Manifest, snapshot: IssuedInvoice): Finding => {
  const labels = (['number', 'typeCode', 'issueDate', 'currency'] as const).filter(
    (name) => invoice[name] !== snapshot[name],
  );
  const sums = totals.filter((name) => !sameAmount(invoice.totals[name], snapshot.totals?.[name]));
  const made = files.flatMap(({ format }) => format ?? []);
  return judge(
    'snapshot',
    'snapshot.json',
    [
      ...labels.map((name) => `${name} is ${snapshot[name]}, the manifest says ${invoice[name]}`),
      ...sums.map((name) => `${name} is ${snapshot.totals?.[name]}, the manifest says ${invoice.totals[name]}`),
      ...(made.join() === snapshot.formats.join()
        ? []
        : [`asks for ${snapshot.formats.join()}, there are ${made.join()}`]),
      ...materialFaults({ template, files }, snapshot),
    ],
    'number, type, date, currency, totals and formats are those of the manifest',
  );
};

/** A logo, if the invoice names one, and that very one; a template's files, if it is none of ours. */
const materialFaults = (
  { template, files }: Pick<Manifest, 'template' | 'files'>,
  snapshot: IssuedInvoice,
): string[] => {
  const named = snapshot.branding?.logo?.sha256 ?? 'no logo';
  const logos = files.filter(({ role }) => role === 'logo').map(({ sha256 }) => sha256);
  const own = !isBuiltIn(`${template.name}@${template.version}`);
  const begins = files.some(({ role, path }) => role === 'template' && path === templatePath('main.typ'));
  return [
    ...((logos.join() || 'no logo') === named ? [] : [`names ${named}, there is ${logos.join() || 'no logo'}`]),
    ...(own === begins
      ? []
      : [own ? 'lacks the files of its template' : 'has files of a template that it was not made with']),
  ];
};

const sameAmount = (a: string, b: string | undefined): boolean => {
  try {
    return b !== undefined && decimal(a).eq(b);
  } catch {
    return false;
  }
};

/** From acceptance to ready, by edges that the lifecycle has, in the order of time. */
export const checkEvents = ({ events, invoice }: Manifest): Finding => {
  const faults = events.flatMap(({ type, status }, index) => {
    const before: InvoiceStatus | undefined = events[index - 1]?.status;
    if (before === undefined) return status === 'queued' ? [] : [`begins with ${type}`];
    return mayFollow(before, status) ? [] : [`${type} cannot follow ${before}`];
  });
  const last = events.at(-1);
  if (last?.type !== 'invoice.ready' || last.status !== 'ready') faults.push('does not end with invoice.ready');
  if (last && last.generation !== invoice.generation) faults.push('ends in another generation than the invoice');
  if (events.some(({ createdAt }, index) => createdAt < (events[index - 1]?.createdAt ?? '')))
    faults.push('goes back in time');
  const statuses = events.map(({ status }) => status).join(', ');
  return judge('events', 'lifecycle', faults, statuses.length > 120 ? `${events.length} transitions` : statuses);
};
