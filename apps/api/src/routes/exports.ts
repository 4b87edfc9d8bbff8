import {
  CreateExport,
  DEFAULT_PAGE,
  GetArchive,
  ListExports,
  uuid,
  type DocumentLink,
  type Export,
  type ExportPage,
} from '@invoicepress/client';
import {
  cancelExport as cancel,
  createExport as create,
  findExport,
  listExports as list,
  MAX_EXPORT_DOCUMENTS,
  MAX_OPEN_EXPORTS,
  withTenant,
  type ExportFilter,
  type ExportRecord,
  type ExportStatus,
} from '@invoicepress/database';
import type { RequestHandler } from 'express';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import { answerOnce, sendAnswer } from '../idempotent.ts';
import { RequestProblem } from '../problems.ts';
import { queryOf } from './parameters.ts';

/** Seconds that a link to an archive is good for; a download that has begun goes on. */
const LINK_SECONDS = 300;

/** `POST /v1/exports`: count, store; a worker's pump finds it. */
export const createExport =
  (context: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const filter = CreateExport.parse(req.body) as ExportFilter;
    const { clientId } = callerOf(req);
    const answer = await answerOnce(context, req, async (tx) => {
      const outcome = await create(tx, { clientId, filter });
      if ('refused' in outcome) throw refusals[outcome.refused]();
      const after = toExport(outcome.created);
      return { status: 202, body: JSON.stringify(after), audit: { touched: [after.id], after } };
    });
    const { id } = JSON.parse(answer.body) as Export;
    sendAnswer(res.location(`/v1/exports/${id}`), answer);
  };

const refusals = {
  documents: () =>
    new RequestProblem(
      'export-too-large',
      `more than ${MAX_EXPORT_DOCUMENTS} documents match; choose a shorter period (issuedFrom, issuedTo) or fewer formats`,
    ),
  exports: () =>
    new RequestProblem(
      'too-many-exports',
      `${MAX_OPEN_EXPORTS} exports are not finished yet; wait until one is, or cancel one`,
      { headers: { 'retry-after': '10' } },
    ),
};

/** `GET /v1/exports`: newest first, page by page. */
export const listExports =
  ({ database }: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const { limit = DEFAULT_PAGE, cursor } = queryOf(ListExports, req.query);
    const before = cursor === undefined ? undefined : fromCursor(cursor);
    const { exports, hasMore } = await withTenant(database, callerOf(req).tenantId, (tx) =>
      list(tx, { before, limit }),
    );
    const last = exports.at(-1);
    const page: ExportPage = {
      exports: exports.map(toExport),
      ...(hasMore && last && { nextCursor: toCursor(last.id) }),
    };
    res.json(page);
  };

/** `GET /v1/exports/{id}`. */
export const getExport =
  ({ database }: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    res.json(toExport(await exportOf(database, callerOf(req).tenantId, req.params)));
  };

/** `POST /v1/exports/{id}/cancel`: while it is not finished. */
export const cancelExport =
  (context: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const id = exportIdOf(req.params);
    const answer = await answerOnce(context, req, async (tx) => {
      const before = await findExport(tx, id);
      const outcome = await cancel(tx, id);
      if (!outcome || !before) throw exportNotFound();
      if ('refused' in outcome)
        throw new RequestProblem('export-status', `the export is ${outcome.refused.status}; it cannot be canceled`);
      const after = toExport(outcome.canceled);
      const audit = { touched: [id], before: toExport(before), after };
      return { status: 200, body: JSON.stringify(after), audit };
    });
    sendAnswer(res, answer);
  };

/** `GET /v1/exports/{id}/archive`: a fresh pre-signed URL, as a redirect or as JSON. */
export const getArchive =
  ({ database, storage, clock }: Pick<Context, 'database' | 'storage' | 'clock'>): RequestHandler =>
  async (req, res) => {
    const { part: number = 1 } = queryOf(GetArchive, req.query);
    const found = await exportOf(database, callerOf(req).tenantId, req.params);
    if (found.status !== 'ready') throw notReady(found);
    const part = found.parts.find((each) => each.number === number);
    if (!part) throw new RequestProblem('not-found', `the export has no part ${number}; it has ${found.parts.length}`);

    const day = found.createdAt.toISOString().slice(0, 10);
    const fileName = `export-${day}-${found.id.slice(-8)}${found.parts.length > 1 ? `-${number}` : ''}.zip`;
    const mediaType = 'application/zip';
    const url = await storage.signedUrl({
      key: part.storageKey,
      fileName,
      mediaType,
      disposition: 'attachment',
      expiresInSeconds: LINK_SECONDS,
    });
    res.set('cache-control', 'no-store').vary('accept');
    if (req.accepts(['*/*', 'application/json']) !== 'application/json') {
      res.redirect(302, url);
      return;
    }
    const link: DocumentLink = {
      url,
      expiresAt: new Date(clock().getTime() + LINK_SECONDS * 1_000).toISOString(),
      fileName,
      mediaType,
      sizeBytes: part.sizeBytes,
      sha256: part.sha256,
    };
    res.json(link);
  };

const notReady = ({ status, documentsDone, documentsTotal, failureReason, failureRemedy }: ExportRecord) => {
  const details: Record<Exclude<ExportStatus, 'ready'>, string> = {
    queued: 'the export waits for a worker; ask again in a moment',
    running: `the export is running, ${documentsDone} of ${documentsTotal} documents are packed; ask again in a moment`,
    failed: `the export failed: ${failureReason ?? ''}. ${failureRemedy ?? ''}`,
    canceled: 'the export was canceled; create it again',
    expired: 'the archives of the export have been deleted, seven days after it was finished; create it again',
  };
  const isOpen = status === 'queued' || status === 'running';
  return new RequestProblem('export-status', details[status as keyof typeof details], {
    ...(isOpen && { headers: { 'retry-after': '5' } }),
  });
};

const exportNotFound = (): RequestProblem =>
  new RequestProblem('not-found', 'there is no such export, or it belongs to somebody else');

const exportIdOf = ({ id }: Record<string, unknown>): string => {
  const parsed = uuid.safeParse(id);
  if (!parsed.success) throw exportNotFound();
  return parsed.data;
};

const exportOf = async (database: Context['database'], tenantId: string, params: Record<string, unknown>) => {
  const id = exportIdOf(params);
  const found = await withTenant(database, tenantId, (tx) => findExport(tx, id));
  if (!found) throw exportNotFound();
  return found;
};

const toExport = (record: ExportRecord): Export => ({
  id: record.id,
  status: record.status as ExportStatus,
  filter: record.filter as Record<string, unknown>,
  documents: { done: record.documentsDone, total: record.documentsTotal },
  parts: record.parts.map(({ number, sizeBytes, sha256, documents }) => ({
    number,
    sizeBytes,
    sha256,
    documents,
    href: `/v1/exports/${record.id}/archive?part=${number}`,
  })),
  ...(record.failureReason && { failure: { reason: record.failureReason, remedy: record.failureRemedy ?? '' } }),
  createdAt: record.createdAt.toISOString(),
  ...(record.finishedAt && { finishedAt: record.finishedAt.toISOString() }),
  ...(record.expiresAt && { expiresAt: record.expiresAt.toISOString() }),
});
