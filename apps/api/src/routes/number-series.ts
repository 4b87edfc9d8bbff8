import { DEFAULT_PAGE, GetNumberReport, NumberSeries, type NumberReport } from '@invoicepress/client';
import {
  createNumberSeries as create,
  listNumberSeries as list,
  reportNumbers,
  withTenant,
  type AccountedNumber,
} from '@invoicepress/database';
import type { TypeCode } from '@invoicepress/invoice';
import type { RequestHandler } from 'express';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { answerOnce, sendAnswer } from '../idempotent.ts';
import { RequestProblem } from '../problems.ts';
import { queryOf } from './parameters.ts';

/** `POST /v1/number-series`. A series never changes once it is defined: its numbers are out in the world. */
export const createNumberSeries =
  (context: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const series = NumberSeries.parse(req.body);
    const answer = await answerOnce(context, req, async (tx) => {
      if (!(await create(tx, series)))
        throw new RequestProblem(
          'series-taken',
          `the series "${series.name}" is defined already and cannot be changed; use it, or choose another name`,
        );
      return { status: 201, body: JSON.stringify(series), audit: { touched: [series.name], after: series } };
    });
    sendAnswer(res, answer);
  };

/** `GET /v1/number-series`. */
export const listNumberSeries =
  ({ database }: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    res.json({ series: await withTenant(database, callerOf(req).tenantId, list) });
  };

/** `GET /v1/number-series/{name}/report`: every number that was given, and who bears it. */
export const getNumberReport =
  ({ database }: Pick<Context, 'database'>): RequestHandler =>
  async (req, res) => {
    const { limit = DEFAULT_PAGE, cursor } = queryOf(GetNumberReport, req.query);
    const name = NumberSeries.shape.name.safeParse(req.params.name);
    const [period = 0, count = 0] = cursor?.split('-').map(Number) ?? [];
    const found = name.success
      ? await withTenant(database, callerOf(req).tenantId, (tx) =>
          reportNumbers(tx, name.data, { limit, ...(cursor !== undefined && { after: { period, count } }) }),
        )
      : null;
    if (!found) throw new RequestProblem('not-found', 'there is no such number series, or it belongs to somebody else');
    const { series, counters, numbers, next } = found;
    const report: NumberReport = {
      series,
      counters,
      numbers: numbers.map(toAccounted),
      gaps: numbers.filter(({ invoice }) => !invoice).length,
      ...(next && { nextCursor: `${next.period}-${next.count}` }),
    };
    res.json(report);
  };

const toAccounted = ({ invoice, ...place }: AccountedNumber): NumberReport['numbers'][number] => ({
  ...place,
  ...(invoice && {
    invoice: {
      ...invoice,
      typeCode: invoice.typeCode as TypeCode,
      issueDate: invoice.issueDate.toISOString().slice(0, 10),
    },
  }),
});
