/** Documents that were looked at once and have not changed since: `packages/conformance/goldens`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkDraft } from '@invoicepress/invoice';
import { checkDocuments, issued, syntaxes, type Subject, type Workbench } from './documents.ts';
import { goldenDrafts } from './golden-drafts.ts';

const folder = join(import.meta.dirname, '../goldens');
const check = 'Goldens unchanged';

/** With `update`, what has changed is written in place of being a failure. */
export const checkGoldens = async (workbench: Workbench, update: boolean): Promise<void> => {
  const { tally } = workbench;
  await mkdir(folder, { recursive: true });
  for (const [name, draft] of Object.entries(goldenDrafts)) {
    const subject: Subject = { name: `golden ${name}`, draft };
    const fail = (rule: string, detail: string) => tally.failed({ check, rule, detail, subject: subject.name, draft });
    for (const { rule = 'ours', pointer, detail } of checkDraft(draft)) fail(rule, `${pointer}: ${detail}`);
    const invoice = issued(draft);
    await checkDocuments(invoice, subject, workbench);
    for (const [extension, { write }] of Object.entries(syntaxes)) {
      const file = join(folder, `${name}.${extension}.xml`);
      const xml = write(invoice);
      tally.asked(check);
      const kept = await readFile(file, 'utf8').catch(() => undefined);
      if (kept === xml) continue;
      if (update) await writeFile(file, xml);
      else fail('golden', kept === undefined ? `${file} is missing: --update writes it` : firstChange(file, kept, xml));
    }
  }
};

const firstChange = (file: string, before: string, after: string): string => {
  const [was, is] = [before.split('\n'), after.split('\n')];
  const line = was.findIndex((text, index) => text !== is[index]);
  const at = line === -1 ? was.length : line;
  return `${file}:${at + 1} was ${was[at]?.trim() ?? 'the end'}, now ${is[at]?.trim() ?? 'the end'}; --update accepts it`;
};
