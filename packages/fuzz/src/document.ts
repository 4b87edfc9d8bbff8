/** The API's own OpenAPI document, as far as requests are made of it. */
import type { Schema } from './from-schema.ts';

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  schema: Schema;
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  parameters: Parameter[];
  /** Media type and schema. */
  body: { mediaType: string; schema: Schema } | undefined;
}

export interface ApiDocument {
  operations: Operation[];
  /** What a `$ref` stands for. */
  find(ref: string): Schema;
}

interface Raw {
  paths: Record<
    string,
    Record<
      string,
      {
        operationId: string;
        parameters?: Parameter[];
        requestBody?: { content: Record<string, { schema: Schema }> };
      }
    >
  >;
  components: { schemas: Record<string, Schema> };
}

export const readDocument = async (apiUrl: string): Promise<ApiDocument> => {
  const answer = await fetch(`${apiUrl}/openapi.json`);
  if (!answer.ok) throw new Error(`${apiUrl}/openapi.json answered ${answer.status}`);
  const { paths, components } = (await answer.json()) as Raw;
  return {
    operations: Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId, parameters = [], requestBody }]): Operation => {
        const [content] = Object.entries(requestBody?.content ?? {});
        return {
          id: operationId,
          method: method.toUpperCase(),
          path,
          parameters,
          body: content && { mediaType: content[0], schema: content[1].schema },
        };
      }),
    ),
    find: (ref) => {
      const found = components.schemas[ref.slice(ref.lastIndexOf('/') + 1)];
      if (!found) throw new Error(`the OpenAPI document has no ${ref}`);
      return found;
    },
  };
};
