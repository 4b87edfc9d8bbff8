/** Milliseconds that an identity provider is waited for. */
export const IDP_TIMEOUT_MS = 5_000;
/** Bytes of its answers: of a JWKS, of discovery, of tokens. */
const MAX_ANSWER_BYTES = 262_144;

/** As `fetch`, for the addresses of an identity provider: follows no redirect, and reads no more than it has to. */
export const fetchBounded = async (url: string, init: RequestInit): Promise<Response> => {
  const timeout = AbortSignal.timeout(IDP_TIMEOUT_MS);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  const response = await fetch(url, { ...init, redirect: 'manual', signal });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES)
      throw new Error(`${new URL(url).host} answers with more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  const { status, statusText, headers } = response;
  const bodyless = status === 204 || status === 304;
  return new Response(bodyless ? null : Buffer.concat(chunks), { status, statusText, headers });
};
