import { SaxesParser, type SaxesTagNS } from 'saxes';
import { LogoFault, type InspectedLogo } from './logo-fault.ts';
import { readStyleSheet, referencesIn, refersElsewhere } from './svg-references.ts';

const SVG = 'http://www.w3.org/2000/svg';
const XLINK = 'http://www.w3.org/1999/xlink';

/** Shapes, and what paints them. Whatever is not here cannot run, load, move, or depend on fonts. */
const drawn = new Set(
  (
    'svg g defs symbol use path rect circle ellipse line polyline polygon linearGradient radialGradient stop ' +
    'clipPath mask pattern title desc metadata style'
  ).split(' '),
);
/** What people ask most about, with what to do instead. */
const remedies: Readonly<Record<string, string>> = {
  text: 'convert its text to paths (outlines): a logo has no fonts to rely on',
  tspan: 'convert its text to paths (outlines): a logo has no fonts to rely on',
  image: 'an image inside of a drawing cannot be printed; upload the image itself, as PNG or JPEG',
  filter: 'effects such as shadows cannot be printed; remove them, or export as PNG',
};

const MAX_ELEMENTS = 5_000;
/** Elements that are drawn, when each reference is followed. */
const MAX_DRAWN = 20_000;
const MAX_DEPTH = 50;

interface Element {
  name: string;
  children: Element[];
  references: string[];
}

/**
 * Reads a drawing as XML, and lets in what paints shapes alone: no scripts, no text, no embedded or foreign content, no
 * reference to anything outside of it, and no more shapes than a renderer draws at once, references followed.
 * @throws {LogoFault}
 */
export const inspectSvg = (file: Buffer): InspectedLogo => {
  const root: Element = { name: '', children: [], references: [] };
  const byId = new Map<string, Element>();
  const open: Element[] = [root];
  const parser = new SaxesParser({ xmlns: true });
  let size: { width: number; height: number } | undefined;
  let elements = 0;
  let foreign = 0; // depth inside of what an editor keeps for itself, which is not drawn
  let style: string | undefined;
  const painted: string[] = []; // what style sheets refer to

  parser.on('error', ({ message }) => {
    throw new LogoFault(`is no well-formed XML: ${message}`);
  });
  parser.on('doctype', (doctype) => {
    if (doctype.includes('[')) throw new LogoFault('declares entities; export it without a document type');
  });
  parser.on('processinginstruction', ({ target }) => {
    throw new LogoFault(`has the processing instruction <?${target}?>; remove it`);
  });
  parser.on('opentag', (tag: SaxesTagNS) => {
    if (++elements > MAX_ELEMENTS) throw new LogoFault(`has more than ${MAX_ELEMENTS} elements; simplify it`);
    if (open.length + foreign > MAX_DEPTH)
      throw new LogoFault(`is nested more than ${MAX_DEPTH} levels deep; simplify it`);
    if (foreign > 0 || (tag.uri !== SVG && elements > 1)) return void (foreign += 1);
    if (elements === 1) size = sizeOf(tag);
    if (!drawn.has(tag.local))
      throw new LogoFault(
        `has <${tag.local}>: ${remedies[tag.local] ?? 'remove it; only shapes and gradients can be printed'}`,
      );
    const element = { name: tag.local, children: [], references: referencesOf(tag) };
    open.at(-1)?.children.push(element);
    open.push(element);
    const id = tag.attributes['id']?.value;
    if (id !== undefined && !byId.has(id)) byId.set(id, element);
    if (tag.local === 'style') style = '';
  });
  const addText = (text: string) => {
    if (style !== undefined && foreign === 0) style += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', ({ local }) => {
    if (foreign > 0) return void (foreign -= 1);
    open.pop();
    if (local !== 'style' || style === undefined) return;
    painted.push(...readStyleSheet(style));
    style = undefined;
  });
  parser.write(decoded(file)).close();

  // Which shapes a style sheet's rule meets is not worked out here, so it may not multiply what is drawn.
  for (const id of painted) {
    if (/^(linear|radial)Gradient$/.test(byId.get(id)?.name ?? 'linearGradient')) continue;
    throw new LogoFault('clips, masks or fills with a pattern by style sheet; export it with presentation attributes');
  }
  const count = countDrawn(root, byId);
  if (count > MAX_DRAWN) throw new LogoFault(`draws more than ${MAX_DRAWN} shapes by its references; simplify it`);
  if (!size) throw new LogoFault('has no <svg> element');
  return { mediaType: 'image/svg+xml', ...size };
};

const decoded = (file: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch {
    throw new LogoFault('is no UTF-8; export it in UTF-8');
  }
};

/** Attributes that neither act nor refer elsewhere; what they refer to inside. */
const referencesOf = ({ local, attributes }: SaxesTagNS): string[] =>
  Object.values(attributes).flatMap(({ name, uri, local: attribute, value }) => {
    if (/^on/i.test(attribute)) throw new LogoFault(`has a script in ${name} of <${local}>; remove it`);
    if (attribute === 'href' && (uri === '' || uri === XLINK)) {
      if (value.startsWith('#')) return [value.slice(1)];
      throw new LogoFault(`refers to something outside of it in ${name} of <${local}>; embed nothing and link nothing`);
    }
    if (uri !== '') return [];
    if (refersElsewhere(value))
      throw new LogoFault(`refers to something outside of it in ${name} of <${local}>; remove it`);
    return referencesIn(value);
  });

/** "120", "120px" or "3.5cm", of which both have to be of one kind; or else the view box says it. */
const sizeOf = ({ local, uri, attributes }: SaxesTagNS): { width: number; height: number } => {
  if (local !== 'svg' || uri !== SVG)
    throw new LogoFault(`begins with <${local}>, not with <svg xmlns="${SVG}">; export it as plain SVG`);
  const number = '([0-9.]+(?:e[+-]?[0-9]+)?)';
  const box = new RegExp(`^\\s*[-0-9.e]+[\\s,]+[-0-9.e]+[\\s,]+${number}[\\s,]+${number}\\s*$`).exec(
    attributes['viewBox']?.value ?? '',
  );
  const [width, height] = (['width', 'height'] as const).map((name) =>
    /^([0-9.]+)(px|pt|pc|mm|cm|in)?$/.exec(attributes[name]?.value.trim() ?? ''),
  );
  const [w, h] = width && height && width[2] === height[2] ? [width[1], height[1]] : [box?.[1], box?.[2]];
  const size = { width: Number(w), height: Number(h) };
  if (Object.values(size).every((value) => value > 0 && value < 1e6)) return size;
  throw new LogoFault('does not say how large it is; give <svg> a viewBox, such as "0 0 240 60"');
};

/** How much is drawn: an element, what it contains and what it refers to, each time that it does. */
const countDrawn = (root: Element, byId: Map<string, Element>): number => {
  const counts = new Map<Element, number>();
  const within = new Set<Element>();
  const count = (element: Element): number => {
    const known = counts.get(element);
    if (known !== undefined) return known;
    if (within.has(element)) throw new LogoFault('has a part that contains itself by reference; break the circle');
    within.add(element);
    let sum = 1;
    for (const child of element.children) sum += count(child);
    for (const id of element.references) {
      const target = byId.get(id);
      if (target) sum += count(target);
    }
    within.delete(element);
    counts.set(element, sum);
    return sum;
  };
  return count(root);
};
