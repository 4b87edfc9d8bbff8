import { germanRules } from './german.ts';
import { networkRules } from './network.ts';
import type { Rules } from './rule.ts';

/** XRechnung 3.0: Germany's rules, and those that it takes over from Peppol. */
export const xrechnungRules: Rules[] = [
  networkRules,
  germanRules((number, part) => `BR-DE-${number}${part ? `-${part}` : ''}`),
];
