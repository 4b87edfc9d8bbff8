import { MAX_BUNDLE_CHARACTERS, MAX_LOGO_BYTES, operations } from '@invoicepress/client';
import { isUtf8 } from 'node:buffer';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { nameAction } from './audited.ts';
import { authenticate, requireScope } from './auth/authenticate.ts';
import type { Context } from './context.ts';
import { allowOrigins } from './cross-origin.ts';
import { fingerprintBody, honourKey, refuseOnce, sendAnswer } from './idempotent.ts';
import { RequestProblem, toProblem, toRequestProblem } from './problems.ts';
import { limitClients, limitSignIns } from './rate-limit.ts';
import { requestIdOf, watchRequests } from './requests.ts';
import { cancelInvoice } from './routes/cancel-invoice.ts';
import { checkInvoice } from './routes/check-invoice.ts';
import { createCreditNote, getCreditNotes } from './routes/credit-notes.ts';
import { docsPages, icon, openApi, problemPage } from './routes/docs.ts';
import { cancelExport, createExport, getArchive, getExport, listExports } from './routes/exports.ts';
import { serveFile } from './routes/files.ts';
import { getDocument } from './routes/get-document.ts';
import { getProof } from './routes/get-proof.ts';
import { getInvoice } from './routes/get-invoice.ts';
import { healthz, readyz } from './routes/health.ts';
import { issueToken } from './routes/issue-token.ts';
import { jwks } from './routes/jwks.ts';
import { listAudit } from './routes/list-audit.ts';
import { listEvents } from './routes/list-events.ts';
import { listInvoices } from './routes/list-invoices.ts';
import { createNumberSeries, getNumberReport, listNumberSeries } from './routes/number-series.ts';
import { deleteLogo, listLogos, uploadLogo } from './routes/logos.ts';
import { queuePages } from './routes/queues.ts';
import { retryInvoice } from './routes/retry-invoice.ts';
import {
  createSellerProfile,
  deleteSellerProfile,
  getSellerProfile,
  listSellerProfiles,
  updateSellerProfile,
} from './routes/seller-profiles.ts';
import { signInPages, signOutPages } from './routes/sign-in.ts';
import { submitBatch } from './routes/submit-batch.ts';
import { submitInvoice } from './routes/submit-invoice.ts';
import { getTemplatePreview, previewTemplate } from './routes/template-previews.ts';
import {
  activateTemplate,
  archiveTemplate,
  createTemplate,
  createTemplateVersion,
  deactivateTemplate,
  getTemplate,
  listTemplates,
} from './routes/templates.ts';
import { getWebhookDelivery, listWebhookDeliveries, resendWebhookDelivery } from './routes/webhook-deliveries.ts';
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  getWebhookEndpoint,
  listWebhookEndpoints,
  rotateWebhookSecret,
  updateWebhookEndpoint,
} from './routes/webhook-endpoints.ts';
import { setApiSecurity } from './security.ts';

/** Bytes of a request that carries no invoice. */
const SMALL_BODY_BYTES = 10_000;
/** Of a seller profile, with its texts in every language; of a logo in Base64. */
const PROFILE_BODY_BYTES = 200_000;
const LOGO_BODY_BYTES = Math.ceil(MAX_LOGO_BYTES / 3) * 4 + SMALL_BODY_BYTES;
/** Of a template's bundle in base64, and what goes with it. */
const BUNDLE_BODY_BYTES = MAX_BUNDLE_CHARACTERS + SMALL_BODY_BYTES;

/** The API: what is open to all, what needs a token, and the one place where errors become answers. */
export const createApp = (context: Context): Express => {
  const { config } = context;
  const app = express();
  app
    .disable('x-powered-by')
    .set('trust proxy', config.TRUSTED_PROXY_HOPS)
    .set('query parser', 'simple')
    .set('etag', false);
  app.use(watchRequests(context), setApiSecurity);

  app.get('/', (_req, res) => res.redirect(302, '/docs/'));
  app.get('/favicon.ico', icon);
  app.get('/healthz', healthz);
  app.get('/readyz', readyz(context));
  app.get('/openapi.json', openApi(context));
  app.get('/.well-known/jwks.json', jwks(context));
  app.use('/docs', docsPages());
  app.get('/problems/:type', problemPage);
  app.get('/files/*path', serveFile(context));
  app.use('/sign-in', limitSignIns(context, 'sign-in'), signInPages(context));
  app.use('/sign-out', signOutPages(context));
  app.use('/queues', queuePages(context));
  app.use('/oauth2/token', allowOrigins(config));
  app.post(
    '/oauth2/token',
    limitSignIns(context, 'token'),
    express.urlencoded({ extended: false, limit: SMALL_BODY_BYTES, parameterLimit: 10 }),
    issueToken(context),
  );

  app.use('/v1', allowOrigins(config), noStore, authenticate(context), limitClients(context));
  const routes = {
    submitInvoice: [...json(config.INVOICE_MAX_BYTES), submitInvoice(context)],
    submitBatch: [...json(config.BATCH_MAX_BYTES), submitBatch(context)],
    checkInvoice: [...json(config.INVOICE_MAX_BYTES), checkInvoice(context)],
    listInvoices: [listInvoices(context)],
    getInvoice: [getInvoice(context)],
    getProof: [getProof(context)],
    getDocument: [getDocument(context)],
    cancelInvoice: [cancelInvoice(context)],
    retryInvoice: [retryInvoice(context)],
    createCreditNote: [...optionalJson(config.INVOICE_MAX_BYTES), createCreditNote(context)],
    getCreditNotes: [getCreditNotes(context)],
    createExport: [...json(SMALL_BODY_BYTES), createExport(context)],
    listExports: [listExports(context)],
    getExport: [getExport(context)],
    cancelExport: [cancelExport(context)],
    getArchive: [getArchive(context)],
    listEvents: [listEvents(context)],
    createNumberSeries: [...json(SMALL_BODY_BYTES), createNumberSeries(context)],
    listNumberSeries: [listNumberSeries(context)],
    getNumberReport: [getNumberReport(context)],
    listAudit: [listAudit(context)],
    createSellerProfile: [...json(PROFILE_BODY_BYTES), createSellerProfile(context)],
    listSellerProfiles: [listSellerProfiles(context)],
    getSellerProfile: [getSellerProfile(context)],
    updateSellerProfile: [...json(PROFILE_BODY_BYTES), updateSellerProfile(context)],
    deleteSellerProfile: [deleteSellerProfile(context)],
    uploadLogo: [...json(LOGO_BODY_BYTES), uploadLogo(context)],
    listLogos: [listLogos(context)],
    deleteLogo: [deleteLogo(context)],
    createWebhookEndpoint: [...json(SMALL_BODY_BYTES), createWebhookEndpoint(context)],
    listWebhookEndpoints: [listWebhookEndpoints(context)],
    getWebhookEndpoint: [getWebhookEndpoint(context)],
    updateWebhookEndpoint: [...json(SMALL_BODY_BYTES), updateWebhookEndpoint(context)],
    deleteWebhookEndpoint: [deleteWebhookEndpoint(context)],
    rotateWebhookSecret: [...json(SMALL_BODY_BYTES), rotateWebhookSecret(context)],
    listWebhookDeliveries: [listWebhookDeliveries(context)],
    getWebhookDelivery: [getWebhookDelivery(context)],
    resendWebhookDelivery: [resendWebhookDelivery(context)],
    createTemplate: [...json(BUNDLE_BODY_BYTES), createTemplate(context)],
    listTemplates: [listTemplates(context)],
    getTemplate: [getTemplate(context)],
    createTemplateVersion: [...json(BUNDLE_BODY_BYTES), createTemplateVersion(context)],
    activateTemplate: [...json(SMALL_BODY_BYTES), activateTemplate(context)],
    deactivateTemplate: [deactivateTemplate(context)],
    archiveTemplate: [archiveTemplate(context)],
    previewTemplate: [...json(config.INVOICE_MAX_BYTES), previewTemplate(context)],
    getTemplatePreview: [getTemplatePreview(context)],
  } satisfies Record<Exclude<keyof typeof operations, 'issueToken'>, RequestHandler[]>;
  for (const [name, handlers] of Object.entries(routes)) {
    const { method, path, scope } = operations[name as keyof typeof routes];
    const keyed = honourKey(operations[name as keyof typeof routes]);
    const named = nameAction(name as keyof typeof routes);
    app[method](expressPath(path), requireScope(scope), named, keyed, ...handlers);
  }

  for (const path of new Set(Object.values(operations).map((operation) => operation.path)))
    app.all(expressPath(path), refuseMethod(path));
  app.use((_req, _res, next) =>
    next(new RequestProblem('not-found', 'there is no such resource; /docs shows what there is')),
  );
  app.use(answerErrors(context));
  return app;
};

const expressPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** Answers about invoices belong to their reader alone, and are kept by nothing on the way. */
const noStore: RequestHandler = (_req, res, next) => {
  res.set('cache-control', 'no-store');
  next();
};

const json = (limit: number): RequestHandler[] => [
  (req, _res, next) =>
    next(
      req.is('application/json')
        ? undefined
        : new RequestProblem('unsupported-media-type', 'send the body as application/json'),
    ),
  express.json({ limit, verify: inspectBody, type: 'application/json' }),
];

/** As `json`, where no body at all means `{}`. */
const optionalJson = (limit: number): RequestHandler[] =>
  json(limit).map((handler): RequestHandler => (req, res, next) => {
    const isEmpty = req.get('transfer-encoding') === undefined && Number(req.get('content-length') ?? 0) === 0;
    if (!isEmpty) return void handler(req, res, next);
    fingerprintBody(req, res, Buffer.alloc(0), 'utf-8');
    req.body = {};
    next();
  });

/** Bytes that are no UTF-8 would be read as "\uFFFD", and printed on the invoice as boxes. */
const inspectBody: typeof fingerprintBody = (req, res, body, encoding) => {
  fingerprintBody(req, res, body, encoding);
  if (encoding === 'utf-8' && !isUtf8(body))
    throw new RequestProblem('malformed-request', 'the body is not the UTF-8 that it should be; send it in UTF-8');
};

const refuseMethod = (path: string): RequestHandler => {
  const methods = Object.values(operations)
    .filter((operation) => operation.path === path)
    .map(({ method }) => method.toUpperCase());
  return (req, _res, next) =>
    next(
      new RequestProblem('method-not-allowed', `${req.method} is not possible here; ${methods.join(' and ')} is`, {
        headers: { allow: methods.join(', ') },
      }),
    );
};

const answerErrors =
  (context: Context): ErrorRequestHandler =>
  async (error: unknown, req, res, _next) => {
    const { telemetry, config } = context;
    const refuse = (reason: unknown): void => {
      const problem = toRequestProblem(reason);
      const details = toProblem(problem, config.PUBLIC_URL, requestIdOf(req));
      if (details.status >= 500) telemetry.requestFailed({ method: req.method, error: reason });
      if (res.headersSent) return void res.destroy();
      res.set(problem.options.headers ?? {});
      sendAnswer(res, { status: details.status, body: JSON.stringify(details) });
    };
    try {
      const first = await refuseOnce(context, req, error);
      if (first) sendAnswer(res, first);
      else refuse(error);
    } catch (instead) {
      refuse(instead); // what could not be stored is not said either: a repetition might hear otherwise
    }
  };
