export { createRenderer, defaultTemplate, type RenderedDocument, type Renderer } from './render.ts';
export { epcPayload } from './payment-code.ts';
export { TemplateError } from './template-error.ts';
