import { openApiDocument } from '@invoicepress/client';
import express, { type RequestHandler, type Router } from 'express';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Context } from '../context.ts';
import { problemTypes, RequestProblem } from '../problems.ts';
import { setPageSecurity } from '../security.ts';

/** The version of the API that the document describes. */
const VERSION = '1.0.0';

export const openApi = ({ config }: Pick<Context, 'config'>): RequestHandler => {
  const document = JSON.stringify(openApiDocument({ serverUrl: config.PUBLIC_URL, version: VERSION }));
  return (_req, res) => {
    res.type('application/json').send(document);
  };
};

/** `GET /docs`: the document to browse and to try out, from files of our own: no other host is asked for anything. */
export const docsPages = (): Router => {
  const router = express.Router();
  const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  router.use(setPageSecurity);
  router.get('/', (req, res) =>
    req.originalUrl.endsWith('/') ? res.type('html').send(page) : res.redirect(301, `${req.baseUrl}/`),
  );
  router.get('/setup.js', (_req, res) => res.type('text/javascript').send(setup));
  router.get('/house.css', (_req, res) => res.type('text/css').send(style));
  router.use(express.static(assets, { index: false, maxAge: '1h', extensions: [] }));
  return router;
};

const page = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Invoicepress API</title>
  <link rel="icon" href="/favicon.ico" type="image/svg+xml">
  <link rel="stylesheet" href="swagger-ui.css">
  <link rel="stylesheet" href="house.css">
</head>
<body>
  <div id="docs"></div>
  <script src="swagger-ui-bundle.js"></script>
  <script src="setup.js"></script>
</body>
</html>`;

const setup = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, docExpansion: 'list',
  defaultModelsExpandDepth: 0, tryItOutEnabled: true, persistAuthorization: false });`;

const style = `body { margin: 0; background: #fbfaf8; }
.swagger-ui { font-family: system-ui, sans-serif; color: #1f2328; }
.swagger-ui .info .title { font-weight: 650; letter-spacing: -0.02em; }
.swagger-ui .scheme-container { background: transparent; box-shadow: none; border-bottom: 1px solid #e4e0da; }
.swagger-ui .opblock { border-radius: 8px; box-shadow: none; }
.swagger-ui .info hgroup.main a { display: none; }`;

/** A sheet with a folded corner and a sum at its foot. */
export const icon: RequestHandler = (_req, res) => {
  res
    .set('cache-control', 'public, max-age=86400')
    .type('image/svg+xml')
    .send(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#134e5a" d="M6 2h14l6 6v22H6z"/><path fill="#7fb3bd" d="M20 2v6h6z"/>
    <path stroke="#fff" stroke-width="2" d="M10 13h12M10 18h12M16 25h6"/></svg>`,
    );
};

/** `GET /problems/{type}`: what a problem type means and how to mend it. */
export const problemPage: RequestHandler = async (req, res) => {
  const { type } = req.params;
  if (typeof type !== 'string' || !Object.hasOwn(problemTypes, type))
    throw new RequestProblem('not-found', 'there is no such problem type');
  const text = await readFile(new URL(`../../../../docs/problems/${type}.md`, import.meta.url), 'utf8');
  res.type('text/markdown').send(text);
};
