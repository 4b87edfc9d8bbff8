import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** What is wrong, where: if one of several alternatives was clearly meant, what is wrong with that one. */
export const issuesOf = ({ issues }: z.ZodError): Issue[] => issues.flatMap(meant);

const meant = (issue: Issue): Issue[] => {
  if (issue.code !== 'invalid_union') return [issue];
  const [close, ...others] = issue.errors.filter((branch) => !isAtRoot(branch, 'invalid_type'));
  if (!close || others.length > 0 || isAtRoot(close, 'invalid_value')) return [issue];
  return close.flatMap((inner) => meant({ ...inner, path: [...issue.path, ...inner.path] }));
};

const isAtRoot = (branch: Issue[], fault: Issue['code']): boolean =>
  branch.some(({ code, path }) => code === fault && path.length === 0);
