import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { Answer } from './answer';
import type { Fault } from './faults';

/** A slowed-down body leaves in so many pieces a second. */
const PIECES_A_SECOND = 20;
/** Milliseconds that a client has to read what came before a break. */
const READING_TIME = 100;

/**
 * Sends the body of an answer, as the fault says.
 *
 * @param gone - aborts when the client has left or the server closes
 * @param count - receives how many bytes of body were handed to the connection
 */
export async function sendBody(
  path: string,
  answer: Answer,
  fault: Fault,
  response: ServerResponse,
  gone: AbortSignal,
  count: (bytes: number) => void,
): Promise<void> {
  const limit = Math.min(fault.resetAfter ?? Infinity, fault.stallAfter ?? Infinity, fault.endAfter ?? Infinity);
  let sent = 0;
  response.flushHeaders();
  for await (const chunk of bytesOf(path, answer, fault)) {
    const piece = chunk.subarray(0, limit - sent);
    if (piece.length > 0) {
      const accepted = response.write(piece);
      sent += piece.length;
      count(piece.length);
      if (!accepted) await once(response, 'drain', { signal: gone });
      if (fault.rate !== undefined) await sleep((piece.length / fault.rate) * 1000, undefined, { signal: gone });
    }
    if (sent >= limit) return breakOff(fault, response, gone);
  }
  response.end();
}

async function* bytesOf(path: string, { body, gzip }: Answer, fault: Fault): AsyncGenerator<Buffer> {
  if (body === undefined || body.last < body.first) return;
  const highWaterMark = fault.rate === undefined ? 1 << 18 : Math.max(1, Math.ceil(fault.rate / PIECES_A_SECOND));
  const file = createReadStream(path, { start: body.first, end: body.last, highWaterMark });
  let position = body.first;
  if (gzip === true) {
    yield* file.pipe(createGzip());
    return;
  }
  for await (const chunk of file as AsyncIterable<Buffer>) {
    const flip = (fault.flipByte ?? -1) - position;
    if (flip >= 0 && flip < chunk.length) chunk[flip]! ^= 0xff;
    position += chunk.length;
    yield chunk;
  }
}

async function breakOff(fault: Fault, response: ServerResponse, gone: AbortSignal): Promise<void> {
  const { socket } = response;
  if (fault.stallAfter !== undefined) {
    if (!gone.aborted) await once(gone, 'abort');
    return;
  }
  // A reset throws away what the client has not read yet; the bytes before the break are meant to arrive.
  while (socket !== null && socket.writableLength > 0 && !gone.aborted) await sleep(5);
  await sleep(READING_TIME, undefined, { signal: gone });
  if (fault.resetAfter !== undefined) socket?.resetAndDestroy();
  else socket?.end();
}
