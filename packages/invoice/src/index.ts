export * from './model.ts';
export { amountDecimals, decimal, formatAmount, type Decimal } from './money.ts';
export { computeTotals, lineNetAmount } from './totals.ts';
export { checkDraft, MAX_TOTAL, type Violation } from './rules.ts';
export { issueInvoice } from './issue.ts';
export { formatNumber, periodOf, type NumberSeries } from './numbering.ts';
export { countries, currencies, isIban } from './codes.ts';
export {
  failureCodes,
  isFinal,
  mayFollow,
  isSettled,
  requiredStatus,
  statuses,
  TransitionRefused,
  type Failure,
  type FailureCode,
  type InvoiceStatus,
  type LifecycleRequest,
} from './lifecycle.ts';
