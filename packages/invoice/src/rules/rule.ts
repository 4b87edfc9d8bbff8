import type { CompletedDraft } from '../issue.ts';
import type { InvoiceDraft, TypeCode } from '../model.ts';

/** What is wrong with a draft, where (JSON Pointer, RFC 6901), by which rule, and what would be right. */
export interface Violation {
  pointer: string;
  detail: string;
  /** Business rule, where there is one: "BR-CO-10". */
  rule?: string;
  /** Business term: "BT-10". */
  term?: string;
}

/** What rules look at: a draft as it was sent, and with its defaults and its arithmetic. */
export interface Subject {
  draft: InvoiceDraft;
  typeCode: TypeCode;
  completed: CompletedDraft;
}

/** Says that a rule is broken: "BR-50", "BT-84", "/payment/iban", and in a developer's words what would be right. */
export type Report = (rule: string | undefined, term: string | undefined, pointer: string, detail: string) => void;

/** Reports whatever breaks some rules. */
export type Rules = (subject: Subject, report: Report) => void;

/** All that the rules find, in their order. */
export const violationsOf = (subject: Subject, ...sets: Rules[]): Violation[] => {
  const found: Violation[] = [];
  const report: Report = (rule, term, pointer, detail) => {
    found.push({ pointer, detail, ...(rule && { rule }), ...(term && { term }) });
  };
  for (const rules of sets) rules(subject, report);
  return found;
};
