const maxFileNameCharacters = 120;

/** Control and format characters (line breaks, bidirectional overrides), path and shell troublemakers. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}"\\/:*?<>|%;]+/gu;

/**
 * A Content-Disposition header (RFC 6266): an ASCII `filename` for old agents and the true one as `filename*`
 * (RFC 8187). The name may be anything; what could escape the header or a folder is replaced by "_".
 */
export const contentDisposition = (disposition: 'inline' | 'attachment', fileName: string): string => {
  const safe = safeFileName(fileName);
  const ascii = safe
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^\x20-\x7e]+/g, '_');
  return `${disposition}; filename="${ascii}"; filename*=UTF-8''${percentEncoded(safe)}`;
};

const safeFileName = (fileName: string): string => {
  const cleaned = [...fileName.toWellFormed().normalize('NFC').replace(unsafe, '_')]
    .slice(0, maxFileNameCharacters)
    .join('');
  // No leading dots (hidden, or "..") and no dots or spaces at the end (Windows drops them).
  return cleaned.replace(/^[.\s]+/, '').replace(/[.\s]+$/, '') || 'document';
};

/** encodeURIComponent leaves a few characters alone that RFC 8187 does not allow. */
const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/['()*!]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
