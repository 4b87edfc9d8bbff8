/** Judges documents in a thread of its own: XSD by libxml2, schematron by SaxonJS. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import { compiledPath, judges, ruleSets, schemas, type RuleSet, type Schema } from './artefacts.ts';
import type { Answer, Finding, JudgeRequest } from './judge.ts';

interface SaxonJs {
  transform(options: object, execution: 'sync'): { principalResult: string };
}

const { folder } = workerData as { folder: string };
const saxon = createRequire(join(folder, 'tool', 'index.js'))('saxon-js') as SaxonJs;
xmlRegisterFsInputProviders();

const once = <K, V>(make: (key: K) => V) => {
  const made = new Map<K, V>();
  return (key: K): V => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
};

const stylesheetOf = once((ruleSet: RuleSet): unknown =>
  JSON.parse(readFileSync(compiledPath(folder, ruleSet), 'utf8')),
);

const validatorOf = once(({ file }: Schema): XsdValidator => {
  const path = join(folder, 'xsd', file);
  return XsdValidator.fromDoc(XmlDocument.fromBuffer(readFileSync(path), { url: path }));
});

const judge = ({ syntax, profiles, xml }: JudgeRequest): Finding[] => [
  ...schemas
    .filter((schema) => schema.syntax === syntax && !(schema.name === 'CII D16B XSD' && isD22B(xml)))
    .flatMap((schema) => validate(schema, xml)),
  ...ruleSets
    .filter((ruleSet) => ruleSet.syntax === syntax && judges(ruleSet.profile, profiles))
    .flatMap((ruleSet) => assess(ruleSet, xml)),
];

/** D16B refers to one preceding invoice at most, D22B to as many as EN 16931 allows (BG-3). */
const isD22B = (xml: string): boolean => xml.split('<ram:InvoiceReferencedDocument>').length > 2;

const validate = (schema: Schema, xml: string): Finding[] => {
  using document = XmlDocument.fromString(xml);
  if (document.root.name !== schema.root) return [];
  try {
    validatorOf(schema).validate(document);
    return [{ judge: schema.name }];
  } catch (error) {
    if (!(error instanceof XmlValidateError)) throw error;
    return [{ judge: schema.name, fault: { rule: 'XSD', fatal: true, text: error.message } }];
  }
};

const failedAssert = /<svrl:failed-assert\b([^>]*)>([^]*?)<\/svrl:failed-assert>/g;

/** A finding without a fault says that the document was judged. */
const assess = (ruleSet: RuleSet, xml: string): Finding[] => {
  const stylesheetInternal = stylesheetOf(ruleSet);
  const report = saxon.transform({ stylesheetInternal, sourceText: xml, destination: 'serialized' }, 'sync');
  const faults = [...report.principalResult.matchAll(failedAssert)].map(([, attributes = '', content = '']) => {
    const attribute = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1];
    const flag = attribute('flag') ?? 'fatal';
    return {
      judge: ruleSet.name,
      fault: {
        rule: attribute('id') ?? '?',
        fatal: flag === 'fatal' || (flag === 'warning' && ruleSet.fails === 'warning'),
        text: content
          .replace(/<[^>]*>/g, ' ')
          .replace(/\s+/g, ' ')
          .trim(),
      },
    };
  });
  return [{ judge: ruleSet.name }, ...faults];
};

const answer = (request: JudgeRequest): Answer => {
  try {
    return { findings: judge(request) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
};

parentPort?.on('message', (request: JudgeRequest) => parentPort?.postMessage(answer(request), []));
