import { PreviewTemplate, uuid, type TemplatePreview } from '@invoicepress/client';
import {
  createPreview,
  findPreview,
  findTemplate,
  findTemplateVersion,
  inOneStatement,
  MAX_WAITING_PREVIEWS,
  recordAudit,
  submissionDefaults,
  withTenant,
  type Database,
  type PreviewRecord,
} from '@invoicepress/database';
import { issueInvoice, type InvoiceDraft, type IssuedInvoice } from '@invoicepress/invoice';
import { enqueueTrials } from '@invoicepress/queue';
import type { Request, RequestHandler, Response } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';
import { actOf } from '../audited.ts';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { checkPreviewed, readInvoice, sellersWanted } from '../parse-invoice.ts';
import { RequestProblem } from '../problems.ts';
import { templateIdOf, templateNotFound } from './parameters.ts';

/** How long a request waits for its preview, and how often it looks. */
const WAIT_MS = 8_000;
const LOOK_MS = 100;

const mediaTypes = { png: 'image/png', pdf: 'application/pdf' } as const;

/**
 * `POST /v1/templates/{id}/preview`: a job like any other. The preview is a row, a worker makes it, and this request looks
 * for the result for a while; after that its client does.
 */
export const previewTemplate =
  (context: Context): RequestHandler =>
  async (req, res) => {
    const { database, trials, telemetry, clock } = context;
    const { tenantId } = callerOf(req);
    const templateId = templateIdOf(req.params);
    const { version, sample, invoice, format = formatFor(req), page = 1 } = PreviewTemplate.parse(req.body);
    const of = invoice
      ? { issued: issuedFor(await readPreviewed(database, tenantId, req.body), clock()) }
      : { sample: sample ?? 'plain' };

    const id = await withTenant(database, tenantId, async (tx) => {
      const found =
        version === undefined
          ? (await findTemplate(tx, templateId))?.versions[0]
          : await findTemplateVersion(tx, templateId, version);
      if (!found) throw templateNotFound();
      const previewId = await createPreview(tx, { versionId: found.id, format, page, of });
      if (previewId !== null) await recordAudit(tx, actOf(req), { touched: [previewId, found.id] });
      return previewId;
    });
    if (id === null)
      throw new RequestProblem(
        'too-many-previews',
        `${MAX_WAITING_PREVIEWS} previews wait already; ask again once they are made`,
        { headers: { 'retry-after': '2' } },
      );
    const result = await enqueueTrials(trials, [{ tenantId, kind: 'preview', id }]);
    if (!result.enqueued) telemetry.enqueueFailed({ count: 1, error: result.error });

    const look = () => withTenant(database, tenantId, (tx) => findPreview(tx, templateId, id));
    let preview = await look();
    for (
      const deadline = Date.now() + WAIT_MS;
      preview?.status === 'queued' && Date.now() < deadline && !res.destroyed;
    ) {
      await sleep(LOOK_MS);
      preview = await look();
    }
    answer(res, templateId, preview);
  };

/** `GET /v1/templates/{id}/previews/{previewId}`. */
export const getTemplatePreview =
  ({ database }: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const templateId = templateIdOf(req.params);
    const id = uuid.safeParse(req.params['previewId']);
    if (!id.success) throw previewNotFound();
    answer(
      res,
      templateId,
      await withTenant(database, callerOf(req).tenantId, (tx) => findPreview(tx, templateId, id.data)),
    );
  };

const answer = (res: Response, templateId: string, preview: PreviewRecord | null): void => {
  if (!preview) throw previewNotFound();
  if (preview.status === 'failed')
    throw new RequestProblem('preview-failed', preview.diagnostics[0]?.message ?? 'the template failed', {
      extra: { diagnostics: preview.diagnostics },
    });
  if (preview.status === 'done' && preview.result) {
    res
      .set('x-page-count', String(preview.pageCount ?? ''))
      .type(mediaTypes[preview.format as keyof typeof mediaTypes])
      // Made of a stranger's template: a browser is to show it, and to run nothing.
      .set('content-security-policy', "sandbox; default-src 'none'")
      .send(Buffer.from(preview.result));
    return;
  }
  const href = `/v1/templates/${templateId}/previews/${preview.id}`;
  const body: TemplatePreview = { id: preview.id, status: 'queued', href };
  res.status(202).location(href).set('retry-after', '1').json(body);
};

const formatFor = (req: Request): keyof typeof mediaTypes =>
  req.accepts(['image/png', 'application/pdf']) === 'application/pdf' ? 'pdf' : 'png';

/** With what its seller's profile says, as a submission gets it. */
const readPreviewed = async (
  database: Database,
  tenantId: string,
  { invoice }: { invoice: unknown },
): Promise<InvoiceDraft> => {
  const wanted = sellersWanted([invoice]);
  const { sellers = [] } = wanted
    ? await submissionDefaults(inOneStatement(database, tenantId), { sellers: wanted })
    : {};
  return readInvoice(invoice, sellers, '/invoice');
};

/** As it would be printed if it were submitted now; a number of a series stays untaken. */
const issuedFor = (given: InvoiceDraft, now: Date): IssuedInvoice => {
  const draft = checkPreviewed(given);
  return issueInvoice(draft, draft.number ?? 'PREVIEW', now.toISOString().slice(0, 10));
};

const previewNotFound = () => new RequestProblem('not-found', 'there is no such preview, or it has expired');
