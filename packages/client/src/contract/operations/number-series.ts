import { GetNumberReport, NumberReport, NumberSeries, NumberSeriesList } from '../number-series.ts';
import { twin, unauthenticated, type Operation } from './operation.ts';

export const numberSeriesOperations = {
  createNumberSeries: {
    method: 'post',
    path: '/v1/number-series',
    summary: 'Define a gapless number series',
    scope: 'invoices:write',
    idempotent: true,
    body: NumberSeries,
    answer: { status: 201, schema: NumberSeries, description: 'defined' },
    problems: {
      ...unauthenticated,
      400: 'not JSON, or the Idempotency-Key is malformed',
      409: `the name is taken, or ${twin}`,
      422: 'invalid, or the Idempotency-Key came with another body before',
    },
  },
  listNumberSeries: {
    method: 'get',
    path: '/v1/number-series',
    summary: 'List number series',
    scope: 'invoices:read',
    answer: { status: 200, schema: NumberSeriesList, description: 'all of them, by name' },
    problems: unauthenticated,
  },
  getNumberReport: {
    method: 'get',
    path: '/v1/number-series/{name}/report',
    summary: 'Account for every number of a series',
    description: 'Each number that the series gave, the invoice that bears it and its status; canceled ones stay.',
    scope: 'audit:read',
    query: GetNumberReport,
    answer: { status: 200, schema: NumberReport, description: 'a page; ask on with `nextCursor`' },
    problems: { ...unauthenticated, 400: 'an invalid parameter', 404: 'no such series' },
  },
} as const satisfies Record<string, Operation>;
