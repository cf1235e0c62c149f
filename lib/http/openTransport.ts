import { TRANSFER_POLICY, type TransferPolicy, type Transport } from './transport';
import { fileTransport } from './transportFile';
import { httpTransport } from './transportHttp';

/** @param connections - at most so many to one host at a time */
export function openTransport(connections: number, policy: TransferPolicy = TRANSFER_POLICY): Transport {
  const http = httpTransport(connections, policy);
  const of = (url: string): Transport => (url.startsWith('file:') ? fileTransport : http);
  return {
    facts: (url, signal) => of(url).facts(url, signal),
    read: (url, request, sink, signal) => of(url).read(url, request, sink, signal),
    close: () => http.close(),
  };
}
