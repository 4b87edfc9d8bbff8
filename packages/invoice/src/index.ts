export * from './model.ts';
export * from './party.ts';
export * from './branding.ts';
export { contrast, faultInAccent, faultInTextColour, onWhite, tintOf, type Colour } from './colours.ts';
export * from './profiles.ts';
export { amountDecimals, decimal, formatAmount, type Decimal } from './money.ts';
export { lineNetAmount } from './complete.ts';
export { checkDraft, checkProfiles } from './rules/index.ts';
export { MAX_TOTAL } from './rules/amounts.ts';
export { reportRules, ruleSet, type ProfileReport, type RuleReport } from './rules/report.ts';
export type { Violation } from './rules/rule.ts';
export { holdsCardNumber } from './card-number.ts';
export { defaultRetention, retainedUntil, retentionCutoffs, statutoryRetention, type Retention } from './retention.ts';
export { canonicalJson } from './canonical-json.ts';
export { completeDraft, issueInvoice, type CompletedDraft } from './issue.ts';
export {
  draftCreditNote,
  isCreditable,
  mayTakeAgain,
  type CreditFault,
  type CreditNoteRequest,
  type CreditOutcome,
} from './credit/credit-note.ts';
export { creditableLines, type CreditableLine } from './credit/limits.ts';
export { partsOf, without, type CreditParts } from './credit/parts.ts';
export { accountsOf, paymentMeansCode } from './payment.ts';
export * from './templates.ts';
export * from './template-files.ts';
export { formatNumber, periodOf, type NumberSeries } from './numbering.ts';
export { isIban } from './codes/iban.ts';
export { attachmentTypes } from './codes/commerce.ts';
export { countries, currencies } from './codes/places.ts';
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
