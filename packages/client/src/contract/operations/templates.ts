import {
  ActivateTemplate,
  CreateTemplate,
  CreateTemplateVersion,
  PreviewTemplate,
  Template,
  TemplateList,
  TemplatePreview,
} from '../template.ts';
import { malformedKey, twin, unauthenticated, type Operation } from './operation.ts';

const unknownTemplate = { 404: 'no such template' };

export const templateOperations = {
  createTemplate: {
    method: 'post',
    path: '/v1/templates',
    summary: 'Upload a template',
    description:
      'Its first version is `checking` until samples were rendered with it, then `valid` or `invalid` with diagnostics. ' +
      'Activate it to use it.',
    scope: 'templates:manage',
    idempotent: true,
    body: CreateTemplate,
    answer: { status: 201, schema: Template, description: 'stored; `Location` says where to ask for its check' },
    problems: {
      ...unauthenticated,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `the name is taken, there are as many templates as there may be, or ${twin}`,
      413: 'too large',
      422: 'invalid, or the bundle cannot be used; or the Idempotency-Key came with another body before',
    },
  },
  listTemplates: {
    method: 'get',
    path: '/v1/templates',
    summary: 'List templates',
    scope: 'templates:manage',
    answer: { status: 200, schema: TemplateList, description: 'all of them, by name, without their versions' },
    problems: unauthenticated,
  },
  getTemplate: {
    method: 'get',
    path: '/v1/templates/{id}',
    summary: 'Read a template: its versions, and what their checks found',
    scope: 'templates:manage',
    answer: { status: 200, schema: Template, description: 'the template with its newest versions' },
    problems: { ...unauthenticated, ...unknownTemplate },
  },
  createTemplateVersion: {
    method: 'post',
    path: '/v1/templates/{id}/versions',
    summary: 'Upload another version of a template',
    description:
      'Files that were uploaded before stay the version that they are; if that is `invalid`, it is checked again. What ' +
      'is in use changes only by `activate`.',
    scope: 'templates:manage',
    idempotent: true,
    body: CreateTemplateVersion,
    answer: { status: 201, schema: Template, description: 'stored; the template with its versions' },
    problems: {
      ...unauthenticated,
      ...unknownTemplate,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `it is archived, it has as many versions as it may have, or ${twin}`,
      413: 'too large',
      422: 'the bundle cannot be used, or the Idempotency-Key came with another body before',
    },
  },
  activateTemplate: {
    method: 'post',
    path: '/v1/templates/{id}/activate',
    summary: 'Use a version of a template from now on',
    description:
      'Submissions that name the template get this version, and so do those that name none, unless `default` is false. ' +
      'To roll back, activate an older version. Invoices that were accepted keep theirs.',
    scope: 'templates:manage',
    idempotent: true,
    body: ActivateTemplate,
    answer: { status: 200, schema: Template, description: 'in use' },
    problems: {
      ...unauthenticated,
      404: 'no such template or version',
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `the version is not valid, the template is archived, or ${twin}`,
      422: 'invalid, or the Idempotency-Key came with another body before',
    },
  },
  deactivateTemplate: {
    method: 'post',
    path: '/v1/templates/{id}/deactivate',
    summary: 'Take a template out of use',
    description: 'Submissions that name no template get the built-in one again. Accepted invoices keep theirs.',
    scope: 'templates:manage',
    idempotent: true,
    answer: { status: 200, schema: Template, description: 'out of use' },
    problems: { ...unauthenticated, ...malformedKey, ...unknownTemplate, 409: twin },
  },
  archiveTemplate: {
    method: 'post',
    path: '/v1/templates/{id}/archive',
    summary: 'Take a template out of use for good',
    description: 'Its name stays taken and its versions stay, for invoices are pinned to them.',
    scope: 'templates:manage',
    idempotent: true,
    answer: { status: 200, schema: Template, description: 'archived' },
    problems: { ...unauthenticated, ...malformedKey, ...unknownTemplate, 409: twin },
  },
  previewTemplate: {
    method: 'post',
    path: '/v1/templates/{id}/preview',
    summary: 'See a page, or the PDF, that a template makes of a sample or of an invoice of yours',
    description:
      'Any version will do, checked or not. The answer waits for some seconds; after that it is 202 with the place to ask ' +
      'again. Nothing is numbered and no invoice is stored; the preview is forgotten after an hour.',
    scope: 'templates:manage',
    body: PreviewTemplate,
    answer: { status: 200, schema: TemplatePreview, description: 'the picture or the PDF' },
    files: ['image/png', 'application/pdf'],
    also: { 202: 'not made yet; `Location` says where it will be' },
    problems: {
      ...unauthenticated,
      404: 'no such template or version',
      400: 'not JSON',
      409: 'as many previews wait as may; see Retry-After',
      413: 'too large',
      422: 'the request or the invoice is invalid, or the template failed; `diagnostics` says where',
    },
  },
  getTemplatePreview: {
    method: 'get',
    path: '/v1/templates/{id}/previews/{previewId}',
    summary: 'Get a preview that took longer',
    scope: 'templates:manage',
    answer: { status: 200, schema: TemplatePreview, description: 'the picture or the PDF' },
    files: ['image/png', 'application/pdf'],
    also: { 202: 'not made yet' },
    problems: { ...unauthenticated, 404: 'no such preview, or it has expired', 422: 'the template failed' },
  },
} as const satisfies Record<string, Operation>;
