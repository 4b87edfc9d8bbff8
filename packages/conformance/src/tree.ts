import { XmlDocument, XmlElement, XmlText, XmlCData, type XmlTreeNode } from 'libxml2-wasm';

/** An element as the readers want it: local names, since each document type keeps its names apart by itself. */
export interface Element {
  name: string;
  attributes: Readonly<Record<string, string>>;
  /** Of the element itself, without its children's. */
  text: string;
  children: readonly Element[];
}

/** Throws where the document is not well formed. */
export const parseXml = (xml: string): Element => {
  using document = XmlDocument.fromString(xml);
  return toElement(document.root);
};

const toElement = (element: XmlElement): Element => {
  const children: Element[] = [];
  let text = '';
  for (let node: XmlTreeNode | null = element.firstChild; node; node = node.next) {
    if (node instanceof XmlElement) children.push(toElement(node));
    else if (node instanceof XmlText || node instanceof XmlCData) text += node.content;
  }
  const attributes = Object.fromEntries(element.attrs.map(({ name, value }) => [name, value]));
  return { name: element.name, attributes, text, children };
};

/** All that a path of names leads to: "Party/PartyName/Name". */
export const all = (from: Element | undefined, path: string): Element[] =>
  path
    .split('/')
    .reduce<Element[]>(
      (found, name) => found.flatMap(({ children }) => children.filter((child) => child.name === name)),
      from ? [from] : [],
    );

export const first = (from: Element | undefined, path: string): Element | undefined => all(from, path)[0];
export const textAt = (from: Element | undefined, path: string): string | undefined => first(from, path)?.text;
