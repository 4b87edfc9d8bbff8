import type {
  ActivateTemplate,
  CreateTemplate,
  PreviewTemplate,
  Template,
  TemplateList,
  TemplatePreview,
  TemplateSummary,
  TemplateVersion,
} from './contract/index.ts';
import { WaitTimeout } from './problem-error.ts';
import type { SendJson, SendRequest } from './webhook-methods.ts';

interface Parts {
  request: SendRequest;
  json: SendJson;
  keyed: (key?: string) => Record<string, string>;
  sleep: (ms: number) => Promise<void>;
}

interface KeyOptions {
  idempotencyKey?: string;
}

/** A picture or a PDF. */
export interface Preview {
  bytes: Uint8Array;
  mediaType: string;
}

/** A template to be uploaded; the bundle is a ZIP. */
export type NewTemplate = Omit<CreateTemplate, 'bundle'> & { bundle: Uint8Array };

const POLL_MS = 500;
const templates = '/v1/templates';
const template = (id: string): string => `${templates}/${encodeURIComponent(id)}`;

/** The part of the client that is about templates. */
export const templateMethods = ({ request, json, keyed, sleep }: Parts) => {
  const post = (path: string, body: unknown, { idempotencyKey }: KeyOptions): Promise<Template> =>
    json<Template>('POST', path, { ...(body !== undefined && { body }), headers: keyed(idempotencyKey) });
  const getTemplate = (id: string) => json<Template>('GET', template(id));

  return {
    /** The answer's first version is being checked; see `waitUntilChecked`. */
    createTemplate: ({ bundle, ...given }: NewTemplate, options: KeyOptions = {}) =>
      post(templates, { ...given, bundle: toBase64(bundle) }, options),
    listTemplates: async (): Promise<TemplateSummary[]> => (await json<TemplateList>('GET', templates)).templates,
    getTemplate,
    createTemplateVersion: (id: string, bundle: Uint8Array, options: KeyOptions = {}) =>
      post(`${template(id)}/versions`, { bundle: toBase64(bundle) }, options),
    /** From now on; to roll back, activate an older version. */
    activateTemplate: (id: string, given: ActivateTemplate, options: KeyOptions = {}) =>
      post(`${template(id)}/activate`, given, options),
    deactivateTemplate: (id: string, options: KeyOptions = {}) =>
      post(`${template(id)}/deactivate`, undefined, options),
    archiveTemplate: (id: string, options: KeyOptions = {}) => post(`${template(id)}/archive`, undefined, options),

    /** Waits for the verdict on a version, the newest when none is named. @throws {WaitTimeout} there is none in time */
    waitUntilChecked: async (
      id: string,
      { version, timeoutMs = 60_000 }: { version?: number; timeoutMs?: number } = {},
    ): Promise<TemplateVersion> => {
      for (const deadline = Date.now() + timeoutMs; ; await sleep(POLL_MS)) {
        const { versions } = await getTemplate(id);
        const found = versions.find((each) => version === undefined || each.version === version);
        if (found && found.status !== 'checking') return found;
        if (Date.now() > deadline)
          throw new WaitTimeout(`the template ${id} was not checked within ${timeoutMs} ms; are the workers running?`);
      }
    },

    /** @throws {ProblemError} the template failed; `problem.diagnostics` says where  @throws {WaitTimeout} */
    previewTemplate: async (
      id: string,
      given: PreviewTemplate = {},
      { timeoutMs = 60_000 }: { timeoutMs?: number } = {},
    ): Promise<Preview> => {
      const deadline = Date.now() + timeoutMs;
      const accept = { accept: 'image/png, application/pdf, application/json' };
      let answer = await request('POST', `${template(id)}/preview`, readPreview, { body: given, headers: accept });
      while ('href' in answer) {
        if (Date.now() > deadline)
          throw new WaitTimeout(`the preview was not made within ${timeoutMs} ms; are the workers running?`);
        await sleep(POLL_MS);
        answer = await request('GET', answer.href, readPreview, { headers: accept });
      }
      return answer;
    },
  };
};

const readPreview = async (response: Response): Promise<Preview | TemplatePreview> =>
  response.status === 202
    ? ((await response.json()) as TemplatePreview)
    : {
        bytes: new Uint8Array(await response.arrayBuffer()),
        mediaType: response.headers.get('content-type') ?? 'application/octet-stream',
      };

/** As every runtime can; `btoa` takes strings of bytes. */
const toBase64 = (bytes: Uint8Array): string => {
  const slice = 0x8000;
  let text = '';
  for (let at = 0; at < bytes.length; at += slice) text += String.fromCharCode(...bytes.subarray(at, at + slice));
  return btoa(text);
};
