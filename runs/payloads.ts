import type { Client } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';

/** A value as the server stores it. */
export type Payload = Parameters<PayloadCodec['decode']>[0][number];

/** Payloads as the SDK hands them over raw, by the client's codecs: decrypted where they are encrypted. */
export async function decodePayloads(client: Client, payloads: readonly Payload[]): Promise<Payload[]> {
  let plain = [...payloads];
  for (const codec of [...client.options.loadedDataConverter.payloadCodecs].reverse())
    plain = await codec.decode(plain);
  return plain;
}
