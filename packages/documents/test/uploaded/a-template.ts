import type { TemplateFile } from '../../src/index.ts';

/** Files by their paths; a template of one line when nothing else is said. */
export const aTemplate = (files: Record<string, string | Uint8Array> = {}): TemplateFile[] =>
  Object.entries({ 'main.typ': '#let invoice = json("invoice.json")\n#invoice.title #invoice.number', ...files }).map(
    ([path, content]) => ({ path, content: Buffer.from(content) }),
  );
