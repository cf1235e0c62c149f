import { BlockList, isIP } from 'node:net';

/** Addresses that mean something only on this machine or in its network. */
const INTERNAL = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  INTERNAL.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  INTERNAL.addSubnet(network, prefix, 'ipv6');
}

const INTERNAL_NAME = /^[^.]+$|\.(localhost|local|internal|lan|home\.arpa)$/;

/** Whether an address names a host of this machine or its network: by its number, or by a name that only counts there. */
export function isInternal(url: string): boolean {
  // Names may end with the dot of the root.
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const family = isIP(host);
  return family === 0 ? INTERNAL_NAME.test(host) : INTERNAL.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Whether what lies at one address may send to another one. What comes from outside must not make this machine ask hosts
 * that only it can reach, unless `SERENGETI_INTERNAL_MIRRORS` allows it; nor read its files.
 */
export function maySendTo(from: string, to: string): boolean {
  if (from.startsWith('file:')) return true;
  if (to.startsWith('file:')) return false;
  return !isInternal(to) || isInternal(from) || process.env.SERENGETI_INTERNAL_MIRRORS === '1';
}
