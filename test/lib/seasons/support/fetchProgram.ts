import { fetchFrames, type FramesRequest } from '../../../../lib/seasons';

/** Fetches frames and prints how many bytes of them are there, line by line. */
async function main(): Promise<void> {
  const request = JSON.parse(process.argv[2]!) as FramesRequest;
  await fetchFrames(request, { connections: 4, onProgress: ({ done }) => process.stdout.write(`${done}\n`) });
}

void main();
