export { createRenderer, defaultTemplate, type Assets, type RenderedDocument, type Renderer } from './render.ts';
export { toFacturX } from './facturx/index.ts';
export { toCii, toUbl } from './xml/index.ts';
export { epcPayload } from './payment-code.ts';
export { TemplateError } from './template-error.ts';
export { drawPage } from './uploaded/picture.ts';
export { createTemplateRenderer, type TemplateFile, type TemplateRenderer } from './uploaded/renderer.ts';
