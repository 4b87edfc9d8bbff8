/**
 * The official rule sets, in a folder that docs/conformance.md describes: they are not ours to copy, and SaxonJS, which
 * runs them, has a licence of its own. A stylesheet is compiled once, into `<folder>/sef`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, parse } from 'node:path';
import type { Profile } from '@invoicepress/invoice';

export type Syntax = 'ubl' | 'cii';

export interface RuleSet {
  name: string;
  syntax: Syntax;
  /** Whose documents it judges; 'en16931' holds always. */
  profile: Profile;
  /** In `<folder>/schematron`. */
  file: string;
  /** France flags what its law demands as a warning. */
  fails: 'fatal' | 'warning';
}

export const ruleSets: readonly RuleSet[] = [
  { name: 'EN 16931 UBL', syntax: 'ubl', profile: 'en16931', file: 'EN16931-UBL-validation.xslt', fails: 'fatal' },
  { name: 'EN 16931 CII', syntax: 'cii', profile: 'en16931', file: 'EN16931-CII-validation.xslt', fails: 'fatal' },
  { name: 'XRechnung UBL', syntax: 'ubl', profile: 'xrechnung', file: 'XRechnung-UBL-validation.xslt', fails: 'fatal' },
  { name: 'XRechnung CII', syntax: 'cii', profile: 'xrechnung', file: 'XRechnung-CII-validation.xslt', fails: 'fatal' },
  { name: 'Peppol UBL', syntax: 'ubl', profile: 'peppol', file: 'PEPPOL-EN16931-UBL.sch', fails: 'fatal' },
  { name: 'Factur-X CII', syntax: 'cii', profile: 'facturx', file: 'FACTUR-X_EN16931.xslt', fails: 'fatal' },
  { name: 'BR-FR CII', syntax: 'cii', profile: 'fr-ctc', file: 'BR-FR-CII.xsl', fails: 'warning' },
];

export interface Schema {
  name: string;
  syntax: Syntax;
  /** The root element that it describes. */
  root: string;
  /** In `<folder>/xsd`. */
  file: string;
}

const cii = 'CrossIndustryInvoice';
const ciiFile = 'cii-d16b/CII/uncefact/data/standard/CrossIndustryInvoice_100pD16B.xsd';
/** That of Factur-X covers what EN 16931 has of CII D22B, so it fits all our documents. */
export const schemas: readonly Schema[] = [
  { name: 'UBL 2.1 XSD', syntax: 'ubl', root: 'Invoice', file: 'ubl/maindoc/UBL-Invoice-2.1.xsd' },
  { name: 'UBL 2.1 XSD', syntax: 'ubl', root: 'CreditNote', file: 'ubl/maindoc/UBL-CreditNote-2.1.xsd' },
  { name: 'CII D16B XSD', syntax: 'cii', root: cii, file: ciiFile },
  { name: 'Factur-X XSD', syntax: 'cii', root: cii, file: 'facturx/FACTUR-X_EN16931.xsd' },
];

/** French invoices are Factur-X. Its schematron does not know XRechnung's specification (FX-SCH-A-000556). */
export const judges = (profile: Profile, held: readonly Profile[]): boolean =>
  profile === 'en16931' ||
  (profile === 'facturx'
    ? !held.includes('xrechnung') && (held.includes('facturx') || held.includes('fr-ctc'))
    : held.includes(profile));

export const compiledPath = (folder: string, { file }: RuleSet): string =>
  join(folder, 'sef', `${parse(file).name}.sef.json`);

/** Compiles what is not compiled yet, some ten seconds each. Throws with what is missing. */
export const compileRuleSets = (folder: string, say: (line: string) => void): void => {
  const needed = [
    ...ruleSets.map(({ file }) => join('schematron', file)),
    ...schemas.map(({ file }) => join('xsd', file)),
    join('tool', 'node_modules', 'saxon-js'),
  ];
  const missing = needed.filter((path) => !existsSync(join(folder, path)));
  if (missing.length > 0)
    throw new Error(`${folder} lacks ${missing.join(', ')}; docs/conformance.md says what belongs there`);
  mkdirSync(join(folder, 'sef'), { recursive: true });
  for (const ruleSet of ruleSets.filter((each) => !existsSync(compiledPath(folder, each)))) {
    say(`Compiling ${ruleSet.file} …`);
    compile(folder, ruleSet);
  }
};

const compile = (folder: string, ruleSet: RuleSet): void => {
  const source = join(folder, 'schematron', ruleSet.file);
  const target = compiledPath(folder, ruleSet);
  const [stylesheet, unfinished] = [`${target}.xslt`, `${target}.part`];
  const isSchematron = source.endsWith('.sch');
  if (isSchematron)
    xslt3(folder, `-xsl:${join(folder, 'schxslt/pipeline-for-svrl.xsl')}`, `-s:${source}`, `-o:${stylesheet}`);
  xslt3(folder, `-xsl:${isSchematron ? stylesheet : source}`, `-export:${unfinished}`, '-nogo');
  rmSync(stylesheet, { force: true });
  renameSync(unfinished, target);
};

const xslt3 = (folder: string, ...args: string[]): void => {
  const script = join(folder, 'tool/node_modules/xslt3/xslt3.js');
  execFileSync(process.execPath, [script, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
};
