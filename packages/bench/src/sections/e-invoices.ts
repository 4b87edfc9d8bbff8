/** The structured formats of an ordinary invoice, alone and inside its PDF, against what else writes them in this runtime. */
import { createRenderer, toCii, toFacturX, toUbl } from '@invoicepress/documents';
import type { Format, IssuedInvoice } from '@invoicepress/invoice';
import { createEInvoiceEu } from '../e-invoices/e-invoice-eu.ts';
import type { Prepared } from '../e-invoices/rival.ts';
import { stackforge } from '../e-invoices/stackforge.ts';
import type { Figure, Section } from '../figures.ts';
import { wasInterrupted } from '../interrupted.ts';
import { aDraft, issue } from '../invoices.ts';
import { median } from '../statistics.ts';

/** `slow` documents of whatever takes tens of milliseconds, `fast` ones of what takes fractions of one. */
const sizes = { full: { rounds: 9, slow: 20, fast: 500 }, quick: { rounds: 1, slow: 2, fast: 5 } };

const XML_LIMIT_MS = 1;
/** Of the time that the PDF alone takes. */
const FACTURX_LIMIT = 1.15;

export const eInvoices: Section = {
  name: 'e-invoices',
  title: 'E-invoices of 12 lines, one after another; the others with their input prepared',
  run: async ({ quick, say }) => {
    const { rounds, slow, fast } = quick ? sizes.quick : sizes.full;
    const contest = createContest();
    const times = new Map<Entrant, number[]>(contest.map((entrant) => [entrant, []]));
    for (let round = 0; round <= rounds; round++) {
      if (wasInterrupted()) throw new Error('interrupted');
      for (const [index, entrant] of contest.entries()) {
        const documents = entrant.slow ? slow : fast;
        const ms = await timed(entrant.prepare, round * contest.length + index, documents);
        if (round > 0) times.get(entrant)?.push(ms); // the first is to warm up
      }
      if (round > 0) say(`round ${round} of ${rounds}`);
    }
    return figuresOf(new Map([...times].map(([{ name }, ms]) => [name, ms])));
  },
};

/** Under `name`, one way from an invoice to a document. */
interface Entrant {
  name: string;
  slow: boolean;
  prepare(invoice: IssuedInvoice): Prepared;
}

const createContest = (): Entrant[] => {
  const renderer = createRenderer();
  const eInvoiceEu = createEInvoiceEu();
  const rendered = (format: Format) => (invoice: IssuedInvoice) => () =>
    renderer.render({ ...invoice, formats: [format] })[0]?.bytes ?? new Uint8Array();
  const [plain] = renderer.render(anEInvoice(0));
  if (!plain) throw new Error('an invoice without formats');
  return [
    { name: 'UBL', slow: false, prepare: (invoice) => () => toUbl(invoice) },
    { name: 'UBL, @e-invoice-eu/core', slow: true, prepare: eInvoiceEu.ubl },
    { name: 'CII', slow: false, prepare: (invoice) => () => toCii(invoice) },
    { name: 'CII, @e-invoice-eu/core', slow: true, prepare: eInvoiceEu.cii },
    { name: 'CII, @stackforge-eu/factur-x', slow: false, prepare: stackforge.cii },
    { name: 'PDF', slow: true, prepare: rendered('pdf') },
    { name: 'Factur-X: the same, with its CII inside', slow: true, prepare: rendered('facturx') },
    {
      name: 'CII and attaching it to a PDF',
      slow: false,
      prepare: (invoice) => () => toFacturX(plain.bytes, toCii(invoice), invoice),
    },
    {
      name: 'the same, @e-invoice-eu/core',
      slow: true,
      prepare: (invoice) => eInvoiceEu.facturx(invoice, plain.bytes),
    },
    {
      name: 'the same, @stackforge-eu/factur-x',
      slow: true,
      prepare: (invoice) => stackforge.facturx(invoice, plain.bytes),
    },
  ];
};

/** An ordinary invoice with addresses for electronic delivery, without which @e-invoice-eu/core refuses it. */
const anEInvoice = (seed: number): IssuedInvoice => {
  const draft = aDraft(`XML-${seed}`, seed);
  return issue({
    ...draft,
    seller: { ...draft.seller, electronicAddress: { scheme: 'EM', id: 'rechnung@halden-moritz.example' } },
    buyer: { ...draft.buyer, electronicAddress: { scheme: 'EM', id: 'invoices@buyer.example' } },
  });
};

/** Milliseconds per document, of invoices that nobody has seen before. */
const timed = async (prepare: Entrant['prepare'], round: number, documents: number): Promise<number> => {
  const seeds = Array.from({ length: documents }, (_, index) => round * sizes.full.fast + index);
  const prepared = seeds.map((seed) => prepare(anEInvoice(seed)));
  const startedAt = performance.now();
  for (const make of prepared) await make();
  return (performance.now() - startedAt) / documents;
};

const figuresOf = (times: Map<string, number[]>): Figure[] => {
  const ms = (name: string): number[] => times.get(name) ?? [];
  const figure = (name: string): Figure => ({ name, value: median(ms(name)), unit: 'ms', rounds: ms(name) });
  const ratio = (name: string, of: string, to: string): Figure => {
    const rounds = ms(of).map((each, index) => each / (ms(to)[index] ?? each));
    return { name, value: median(rounds), unit: '×', rounds };
  };
  const inner = 'CII and attaching it to a PDF';
  return [
    { ...figure('UBL'), target: { atMost: XML_LIMIT_MS } },
    figure('UBL, @e-invoice-eu/core'),
    ratio('UBL faster than @e-invoice-eu/core', 'UBL, @e-invoice-eu/core', 'UBL'),
    { ...figure('CII'), target: { atMost: XML_LIMIT_MS } },
    figure('CII, @e-invoice-eu/core'),
    figure('CII, @stackforge-eu/factur-x'),
    ratio('CII faster than @e-invoice-eu/core', 'CII, @e-invoice-eu/core', 'CII'),
    ratio('CII faster than @stackforge-eu/factur-x', 'CII, @stackforge-eu/factur-x', 'CII'),
    figure('PDF'),
    figure('Factur-X: the same, with its CII inside'),
    {
      ...ratio('Factur-X against the plain PDF', 'Factur-X: the same, with its CII inside', 'PDF'),
      target: { atMost: FACTURX_LIMIT },
    },
    figure(inner),
    figure('the same, @e-invoice-eu/core'),
    figure('the same, @stackforge-eu/factur-x'),
    ratio('attaching faster than @e-invoice-eu/core', 'the same, @e-invoice-eu/core', inner),
    ratio('attaching faster than @stackforge-eu/factur-x', 'the same, @stackforge-eu/factur-x', inner),
  ];
};
