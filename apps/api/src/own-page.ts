import type { Response } from 'express';

const style = `
  :root { color-scheme: light dark; --ink: #16202a; --paper: #fff; --around: #eef2f3; --ours: #0b4f60; --on-ours: #fff; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e6ecef; --paper: #1b252c; --around: #10171c; --ours: #7cc4d4; --on-ours: #10171c; }
  }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--around); color: var(--ink);
    font: 1rem/1.5 system-ui, sans-serif; }
  main { box-sizing: border-box; width: min(22rem, 100vw - 2rem); padding: 2rem; border-radius: .75rem;
    background: var(--paper); border-top: .25rem solid var(--ours); }
  h1 { margin: 0 0 1.5rem; font-size: 1.5rem; letter-spacing: -.01em; }
  p { margin: 0; }
  button, .button { display: block; box-sizing: border-box; width: 100%; padding: .625rem 1rem; border: 0;
    border-radius: .375rem; background: var(--ours); color: var(--on-ours); font: inherit; font-weight: 600;
    text-align: center; text-decoration: none; cursor: pointer; }
  :focus-visible { outline: .1875rem solid var(--ours); outline-offset: .1875rem; }`;

/** A page of our own, with a few words and a button. @param body HTML of ours, in which nothing stands that a request brings */
export const sendPage = (res: Response, title: string, body: string): void => {
  res
    .type('html')
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
        `<title>${title} · Invoicepress</title><style>${style}</style><main><h1>Invoicepress</h1>${body}</main></html>`,
    );
};
