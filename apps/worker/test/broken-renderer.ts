/** A renderer whose template is broken: it sets one cent less than is to be paid. */
import { createRenderer } from '@invoicepress/documents';
import { serveRenders } from '@invoicepress/renderers/serve';

const renderer = createRenderer();

serveRenders({
  render(invoice) {
    const payable = (Number(invoice.totals.payable) - 0.01).toFixed(2);
    return renderer.render({ ...invoice, totals: { ...invoice.totals, payable } });
  },
});
