import type { IssuedInvoice } from '@invoicepress/invoice';
import { debianPackages, debianTools } from '@invoicepress/stack/services/debian';
import { chromium } from 'playwright-core';
import { emptyPage, invoiceBody, pageFoot } from './html.ts';

/** As services run it: no sandbox for root, and nothing that phones home while we measure. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface InvoicePage extends AsyncDisposable {
  /** A tagged PDF of A4 pages, from data to bytes. */
  print(invoice: IssuedInvoice): Promise<Uint8Array>;
}

/** Headless Chromium with one page that is kept open, its styles and fonts loaded: the fastest way to use it. */
export const openInvoicePage = async (): Promise<InvoicePage> => {
  const tools = await debianTools('Chromium', debianPackages.Chromium);
  await using parts = new AsyncDisposableStack();
  const browser = parts.adopt(
    await chromium.launch({
      executablePath: tools.bin('chromium'),
      args: flags,
      env: tools.env,
      handleSIGINT: false,
      handleSIGTERM: false,
    }),
    (opened) => opened.close(),
  );
  const page = await browser.newPage();
  await page.setContent(emptyPage());
  const owned = parts.move();
  return {
    async print(invoice) {
      // A string runs in the page as it is; fonts are loaded once a page uses them, and awaited here.
      await page.evaluate(
        `document.body.innerHTML = ${JSON.stringify(invoiceBody(invoice))}; document.fonts.ready.then(() => true)`,
      );
      return page.pdf({
        format: 'A4',
        preferCSSPageSize: true,
        printBackground: true,
        tagged: true,
        displayHeaderFooter: true,
        headerTemplate: '<span></span>',
        footerTemplate: pageFoot(invoice),
      });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
