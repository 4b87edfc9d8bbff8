export type { Assets, RenderedDocument } from '@invoicepress/documents';
export {
  createRendererPool,
  DocumentsDiffer,
  RenderCrashed,
  RenderRefused,
  RenderTimeout,
  type PoolObserver,
  type PoolSettings,
  type RendererPool,
  type RenderOrder,
} from './renderer-pool.ts';
export { rendererEnvironment } from './renderer-process.ts';
export {
  createTemplatePool,
  isSandboxed,
  TemplateStopped,
  type TemplateBundle,
  type TemplateOrder,
  type TemplatePool,
  type TemplatePoolSettings,
} from './template-pool.ts';
