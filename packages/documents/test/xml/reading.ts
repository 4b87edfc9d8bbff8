import { XmlDocument } from 'libxml2-wasm';

const oasis = 'urn:oasis:names:specification:ubl:schema:xsd';
const uncefact = 'urn:un:unece:uncefact:data:standard';
const namespaces = {
  cac: `${oasis}:CommonAggregateComponents-2`,
  cbc: `${oasis}:CommonBasicComponents-2`,
  rsm: `${uncefact}:CrossIndustryInvoice:100`,
  ram: `${uncefact}:ReusableAggregateBusinessInformationEntity:100`,
  qdt: `${uncefact}:QualifiedDataType:100`,
  udt: `${uncefact}:UnqualifiedDataType:100`,
};

export interface Reader {
  /** The contents of all that a path leads to, in the order of the document. */
  all(path: string): string[];
}

/** Throws what is not well formed. A path starts at the root element and needs no prefixes, unless it starts with //. */
export function readXml(xml: string): Reader {
  const document = XmlDocument.fromString(xml);
  const prefixed = xml.includes('<rsm:') ? ciiPath : ublPath;
  return {
    all: (path) =>
      document.find(path.startsWith('//') ? path : `/*/${prefixed(path)}`, namespaces).map((node) => node.content),
  };
}

const steps = (path: string): string[] => path.split(/\/(?![^[]*\])/);
const isName = (step: string): boolean => /^(?:[A-Z]\w*|\*)(?:\[|$)/.test(step);

/** Aggregates are all those that have another element inside. */
const ublPath = (path: string): string => {
  const parts = steps(path);
  const last = parts.findLastIndex(isName);
  return parts.map((step, index) => (isName(step) ? `${index === last ? 'cbc' : 'cac'}:${step}` : step)).join('/');
};

/** All but the root's children come from the library. */
const ciiPath = (path: string): string =>
  steps(path)
    .map((step, index) => (isName(step) ? `${index === 0 ? 'rsm' : 'ram'}:${step}` : step))
    .join('/');
