import { ActivateTemplate, CreateTemplate, CreateTemplateVersion } from '@invoicepress/client';
import {
  activateTemplate as activate,
  createTemplate as create,
  createTemplateVersion as createVersion,
  findTemplate,
  listTemplates as list,
  MAX_TEMPLATE_VERSIONS,
  MAX_TEMPLATES,
  retireTemplate,
  withTenant,
  type TemplateRecord,
  type TemplateVersionRecord,
  type TenantTransaction,
  type UploadRefusal,
} from '@invoicepress/database';
import { enqueueTrials } from '@invoicepress/queue';
import type { Request, RequestHandler } from 'express';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { answerOnce, sendAnswer } from '../idempotent.ts';
import { RequestProblem } from '../problems.ts';
import { readBundle } from '../template-bundle.ts';
import { toTemplate, toTemplateSummary } from '../to-template.ts';
import { templateIdOf, templateNotFound } from './parameters.ts';

/** `POST /v1/templates`: stored as it is; a worker checks it. */
export const createTemplate = (context: Context): RequestHandler =>
  upload(context, async (req) => {
    const { name, description, bundle } = CreateTemplate.parse(req.body);
    const unpacked = await readBundle(bundle);
    return (tx) => create(tx, { name, description, bundle: unpacked });
  });

/** `POST /v1/templates/{id}/versions`. */
export const createTemplateVersion = (context: Context): RequestHandler =>
  upload(context, async (req) => {
    const id = templateIdOf(req.params);
    const unpacked = await readBundle(CreateTemplateVersion.parse(req.body).bundle);
    return (tx) => createVersion(tx, id, unpacked);
  });

type Uploaded = { template: TemplateRecord; uploaded: TemplateVersionRecord };

const upload =
  (
    context: Context,
    prepare: (req: Request) => Promise<(tx: TenantTransaction) => Promise<Uploaded | UploadRefusal | null>>,
  ): RequestHandler =>
  async (req, res) => {
    const store = await prepare(req);
    const { tenantId } = callerOf(req);
    let toCheck: string | undefined;
    const answer = await answerOnce(context, req, async (tx) => {
      const stored = await store(tx);
      if (!stored) throw templateNotFound();
      if ('refused' in stored) throw refusalOf(stored);
      if (stored.uploaded.status === 'checking') toCheck = stored.uploaded.id;
      const after = toTemplate(stored.template);
      const audit = { touched: [after.id, stored.uploaded.id], after };
      return { status: 201, body: JSON.stringify(after), audit };
    });
    if (toCheck !== undefined) {
      const result = await enqueueTrials(context.trials, [{ tenantId, kind: 'check', id: toCheck }]);
      if (!result.enqueued) context.telemetry.enqueueFailed({ count: 1, error: result.error });
    }
    const { id } = JSON.parse(answer.body) as { id: string };
    sendAnswer(res.location(`/v1/templates/${id}`), answer);
  };

const refusalOf = ({ refused }: UploadRefusal): RequestProblem => {
  switch (refused) {
    case 'name':
      return new RequestProblem(
        'template-taken',
        'there is a template of this name; upload a version to it, or choose another name',
      );
    case 'templates':
      return new RequestProblem('too-many-templates', `there are ${MAX_TEMPLATES} templates, archived ones included`);
    case 'versions':
      return new RequestProblem('too-many-templates', `the template has ${MAX_TEMPLATE_VERSIONS} versions`);
    case 'archived':
      return archived();
  }
};

const archived = () =>
  new RequestProblem('template-unusable', 'the template is archived, which is for good; upload one of another name');

/** `GET /v1/templates`. */
export const listTemplates =
  ({ database }: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const templates = await withTenant(database, callerOf(req).tenantId, list);
    res.json({ templates: templates.map(toTemplateSummary) });
  };

/** `GET /v1/templates/{id}`. */
export const getTemplate =
  ({ database }: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const id = templateIdOf(req.params);
    const template = await withTenant(database, callerOf(req).tenantId, (tx) => findTemplate(tx, id));
    if (!template) throw templateNotFound();
    res.json(toTemplate(template));
  };

/** `POST /v1/templates/{id}/activate`. */
export const activateTemplate = (context: Context): RequestHandler =>
  change(context, (req, id) => {
    const { version, default: asDefault = true } = ActivateTemplate.parse(req.body);
    return async (tx) => {
      const activation = await activate(tx, id, { version, asDefault });
      if (activation && 'template' in activation) return activation.template;
      if (!activation) return null;
      if (activation.refused === 'archived') throw archived();
      throw new RequestProblem(
        'template-unusable',
        `version ${version} is ${activation.status}, and only a valid one can be activated; GET /v1/templates/${id} says what its check found`,
      );
    };
  });

/** `POST /v1/templates/{id}/deactivate`. */
export const deactivateTemplate = (context: Context): RequestHandler => retire(context, { archive: false });

/** `POST /v1/templates/{id}/archive`. */
export const archiveTemplate = (context: Context): RequestHandler => retire(context, { archive: true });

const retire = (context: Context, options: { archive: boolean }): RequestHandler =>
  change(context, (_req, id) => (tx) => retireTemplate(tx, id, options));

const change =
  (
    context: Context,
    prepare: (req: Request, id: string) => (tx: TenantTransaction) => Promise<TemplateRecord | null>,
  ): RequestHandler =>
  async (req, res) => {
    const id = templateIdOf(req.params);
    const act = prepare(req, id);
    const answer = await answerOnce(context, req, async (tx) => {
      const before = await findTemplate(tx, id);
      const template = await act(tx);
      if (!template || !before) throw templateNotFound();
      const after = toTemplate(template);
      const audit = { touched: [id], before: toTemplate(before), after };
      return { status: 200, body: JSON.stringify(after), audit };
    });
    sendAnswer(res, answer);
  };
