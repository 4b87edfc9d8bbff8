import {
  beginTrial,
  isDatabaseUnavailable,
  MAX_TRIALS,
  settleCheck,
  settlePreview,
  withTenant,
  type BegunTrial,
} from '@invoicepress/database';
import { sampleInvoice } from '@invoicepress/documents/samples';
import { sampleNames, type TemplateDiagnostic } from '@invoicepress/invoice';
import type { TrialProcessor } from '@invoicepress/queue';
import {
  DocumentsDiffer,
  RenderRefused,
  type Assets,
  type TemplateBundle,
  type TemplatePool,
} from '@invoicepress/renderers';
import type { Context } from '../context.ts';
import { databaseAway } from './settle-failure.ts';

/** Diagnostics that are kept of one trial. */
const MAX_DIAGNOSTICS = 30;

type TrialContext = Pick<Context, 'database' | 'loadAssets' | 'telemetry'> & { pool: TemplatePool };

/** One check or one preview: take it up, render, write down what came of it. A repetition comes to the same. */
export const tryTemplate =
  ({ database, loadAssets, telemetry, pool }: TrialContext): TrialProcessor =>
  async ({ payload, signal }) => {
    const { tenantId, kind, id } = payload;
    const startedAt = performance.now();
    try {
      const trial = await withTenant(database, tenantId, (tx) => beginTrial(tx, payload));
      if (!trial) return { outcome: 'done' };
      const found = await attempt({ pool, loadAssets }, tenantId, trial, signal);
      await withTenant(database, tenantId, (tx) =>
        'verdict' in found ? settleCheck(tx, id, found.verdict, found.diagnostics) : settlePreview(tx, id, found),
      );
      const outcome = 'verdict' in found ? found.verdict : 'result' in found ? 'done' : 'failed';
      telemetry.templateTried({
        tenantId,
        kind,
        jobId: id,
        outcome,
        milliseconds: Math.round(performance.now() - startedAt),
      });
      return { outcome: 'done' };
    } catch (error) {
      if (isDatabaseUnavailable(error)) return databaseAway;
      throw error;
    }
  };

type Check = { verdict: 'valid' | 'invalid'; diagnostics: TemplateDiagnostic[] };
type Preview = { result: Uint8Array; pageCount: number; diagnostics: TemplateDiagnostic[] } | Omit<Check, 'verdict'>;

const attempt = async (
  { pool, loadAssets }: Pick<TrialContext, 'pool' | 'loadAssets'>,
  tenantId: string,
  { sha256, files, preview, attempts }: BegunTrial,
  signal: AbortSignal,
): Promise<Check | Preview> => {
  const bundle = { tenantId, sha256, files };
  if (attempts > MAX_TRIALS) return preview ? { diagnostics: endless } : { verdict: 'invalid', diagnostics: endless };
  if (!preview) return check(pool, bundle, signal);
  const assets = await loadAssets(tenantId, preview.issued?.branding?.logo?.sha256 ?? null);
  return makePreview(pool, bundle, { ...preview, assets }, signal);
};

const endless: TemplateDiagnostic[] = [
  {
    severity: 'error',
    message: `${MAX_TRIALS} attempts ended without a word`,
    hint: 'report it with the bundle: it seems to stop its workers',
  },
];

/** All samples, until one shows an error. */
const check = async (pool: TemplatePool, bundle: TemplateBundle, signal: AbortSignal): Promise<Check> => {
  const diagnostics: TemplateDiagnostic[] = [];
  for (const sample of sampleNames) {
    const add = (found: TemplateDiagnostic[]) => {
      const fresh = found.filter((each) => !diagnostics.some((other) => isSame(each, other)));
      diagnostics.push(...fresh.map((each) => ({ ...each, sample })).slice(0, MAX_DIAGNOSTICS - diagnostics.length));
    };
    try {
      add((await pool.render(bundle, { invoice: JSON.stringify(sampleInvoice(sample)) }, signal)).warnings ?? []);
    } catch (error) {
      const errors = diagnosticsOf(error);
      diagnostics.length = Math.min(diagnostics.length, MAX_DIAGNOSTICS - Math.min(errors.length, MAX_DIAGNOSTICS));
      add(errors);
      return { verdict: 'invalid', diagnostics };
    }
  }
  return { verdict: 'valid', diagnostics };
};

const isSame = (one: TemplateDiagnostic, other: TemplateDiagnostic): boolean =>
  one.message === other.message && one.file === other.file && one.line === other.line && one.column === other.column;

const makePreview = async (
  pool: TemplatePool,
  bundle: TemplateBundle,
  { sample, issued, format, page, assets }: NonNullable<BegunTrial['preview']> & { assets: Assets | undefined },
  signal: AbortSignal,
): Promise<Preview> => {
  const invoice = JSON.stringify({ ...(issued ?? sampleInvoice(sample ?? 'plain')), formats: ['pdf'] });
  try {
    const order = { invoice, assets, ...(format === 'png' && { picture: page }) };
    const { documents, warnings: diagnostics = [], picture } = await pool.render(bundle, order, signal);
    const { bytes, pageCount = 0 } = documents[0] ?? {};
    const result = format === 'png' ? picture : bytes;
    if (result) return { result, pageCount, diagnostics };
    return {
      diagnostics: [
        {
          severity: 'error',
          message: `there is no page ${page}: the document has ${pageCount}`,
          hint: 'ask for another',
        },
      ],
    };
  } catch (error) {
    return { diagnostics: diagnosticsOf(error) };
  }
};

/** @throws what says nothing about the template */
const diagnosticsOf = (error: unknown): TemplateDiagnostic[] => {
  if (error instanceof DocumentsDiffer)
    return [
      { severity: 'error', message: error.message, hint: 'print it: documents are read back before they are stored' },
    ];
  if (!(error instanceof RenderRefused)) throw error;
  if (error.diagnostics.length > 0) return error.diagnostics;
  return [{ severity: 'error', message: error.message, hint: error.remedy }];
};
