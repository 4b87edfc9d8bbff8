/** Everything that is asked of the XML of one issued invoice. */
import { toCii, toUbl } from '@invoicepress/documents';
import { issueInvoice, type InvoiceDraft, type IssuedInvoice } from '@invoicepress/invoice';
import type { Syntax } from './artefacts.ts';
import { checkArithmetic } from './arithmetic.ts';
import { carried, difference } from './carried.ts';
import type { Finding, Judge } from './judge.ts';
import { readCii } from './read-cii.ts';
import { readUbl } from './read-ubl.ts';
import type { Tally } from './tally.ts';
import { parseXml, type Element } from './tree.ts';

export const syntaxes = {
  ubl: { name: 'UBL', write: toUbl, read: readUbl },
  cii: { name: 'CII', write: toCii, read: readCii },
} as const satisfies Record<Syntax, object>;

/** The day on which everything is issued that names none. */
const TODAY = '2026-03-02';

/** With a number, should it have asked a series for one. */
export const issued = (draft: InvoiceDraft): IssuedInvoice => issueInvoice(draft, draft.number ?? 'S-0001', TODAY);

/** What was made, for the failure that somebody will have to look at. */
export interface Subject {
  name: string;
  draft: unknown;
}

export interface Workbench {
  tally: Tally;
  /** Absent where no official rule sets were given. */
  judge: Judge | undefined;
}

/**
 * Well formed, the same invoice when read back, sums that add up, and no fatal finding of an official rule set. The VAT of
 * a credit note may be `vatOff` minor units off its product.
 */
export const checkDocuments = async (
  invoice: IssuedInvoice,
  subject: Subject,
  { tally, judge }: Workbench,
  vatOff = 0n,
): Promise<void> => {
  const fail = (check: string, rule: string, detail: string) =>
    tally.failed({ check, rule, detail, subject: subject.name, draft: subject.draft });
  for (const syntax of syntaxesOf(invoice)) {
    const { name, write, read } = syntaxes[syntax];
    tally.made();
    const xml = write(invoice);
    tally.asked(`${name} well formed`);
    const root = parsed(xml, (message) => fail(`${name} well formed`, 'XML 1.0', message));
    if (!root) continue;

    const back = read(root);
    tally.asked(`${name} round trip`);
    const lost = difference(carried(invoice, syntax), back);
    if (lost) fail(`${name} round trip`, lost.replace(/:.*/s, '').replace(/\d+/g, 'n'), lost);

    tally.asked(`${name} arithmetic`);
    for (const { rule, detail } of checkArithmetic(back, vatOff)) fail(`${name} arithmetic`, rule, detail);

    for (const finding of (await judge?.judge({ syntax, profiles: invoice.profiles, xml })) ?? []) {
      if (!finding.fault) tally.asked(finding.judge);
      else if (finding.fault.fatal) fail(finding.judge, finding.fault.rule, finding.fault.text);
      else tally.warned(finding.judge, finding.fault.rule);
    }
  }
};

/** UBL has the rules that every invoice keeps; those for CII are kept by whoever asks for it. */
const syntaxesOf = ({ formats, profiles }: IssuedInvoice): Syntax[] => {
  const asked = [...formats, ...profiles].some((each) => ['cii', 'facturx', 'fr-ctc'].includes(each));
  return asked ? ['ubl', 'cii'] : ['ubl'];
};

const parsed = (xml: string, refused: (message: string) => void): Element | undefined => {
  try {
    return parseXml(xml);
  } catch (error) {
    refused(error instanceof Error ? error.message : String(error));
    return undefined;
  }
};

/** What the official rule sets say of an invoice, whatever else is wrong with it. */
export const judgeInvoice = async (invoice: IssuedInvoice, judge: Judge): Promise<Finding[]> => {
  const found = (['ubl', 'cii'] as const).map((syntax) =>
    judge.judge({ syntax, profiles: invoice.profiles, xml: syntaxes[syntax].write(invoice) }),
  );
  return (await Promise.all(found)).flat();
};
