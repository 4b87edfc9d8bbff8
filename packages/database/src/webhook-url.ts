import ipaddr from 'ipaddr.js';

export interface OutboundRules {
  /** For tests and for development on one machine: http and https to this machine, at any port. */
  allowLoopback: boolean;
}

/** Not special by its range, and yet inside: Azure's metadata and DNS for every virtual machine. */
const INSIDE = new Set(['168.63.129.16']);
/** Of IPv6, only this block has been given out for the world to reach (RFC 4291, 2.4). */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an address is one that the whole world reaches: not private, loopback, link-local, shared (RFC 6598),
 * multicast, reserved or documentation, and no IPv6 form that hides an IPv4 address (mapped, NAT64, 6to4, Teredo).
 */
export const isPublicAddress = (address: string): boolean => {
  if (!ipaddr.isValid(address) || address.includes('%') || INSIDE.has(address)) return false;
  const parsed = ipaddr.parse(address);
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(GLOBAL_IPV6));
};

/** 127.0.0.0/8 and ::1; no other way to write them. */
export const isLoopbackAddress = (address: string): boolean =>
  ipaddr.isValid(address) && !address.includes('%') && ipaddr.parse(address).range() === 'loopback';

/** The host of a URL as a resolver takes it: without the brackets of IPv6 and the dot at the end. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');

const HTTPS_PORT = 443;
/** Below it live the services of a machine itself: mail, remote shells, name servers. */
const FIRST_FREE_PORT = 1_024;

/**
 * What is wrong with a webhook's URL, as far as it can be told without resolving its name; undefined when nothing is.
 * `URL` has already turned every notation of an address (127.1, 0x7f000001, 2130706433) into the usual one.
 */
export const faultInWebhookUrl = (text: string, { allowLoopback }: OutboundRules): string | undefined => {
  const url = URL.parse(text);
  if (!url) return 'is no URL such as "https://example.com/webhooks"';
  if (url.username || url.password) return 'has a user name or password; remove it: the signature says who sends';
  if (url.hash) return 'has a fragment (#…), which is never sent; remove it';
  const host = hostOf(url);
  const loopback = isLoopbackAddress(host) || /(^|\.)localhost$/.test(host);
  if (allowLoopback && loopback && /^https?:$/.test(url.protocol)) return undefined;
  if (url.protocol !== 'https:') return 'does not begin with https://; webhooks are sent over TLS alone';
  if (loopback || (ipaddr.isValid(host) && !isPublicAddress(host)))
    return 'leads to an address that is not public; give one that the internet reaches';
  if (!ipaddr.isValid(host) && !/\.[a-z][a-z0-9-]*$/i.test(host))
    return 'names a host without a domain; give its full name, such as "hooks.example.com"';
  const port = url.port === '' ? HTTPS_PORT : Number(url.port);
  if (port !== HTTPS_PORT && port < FIRST_FREE_PORT)
    return `names port ${port}; ${HTTPS_PORT} and ports from ${FIRST_FREE_PORT} are possible`;
  return undefined;
};
