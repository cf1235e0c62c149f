import { extractArchives } from '../../../../lib/seasons';

/** Extracts archives and prints how many entries are done, line by line. */
async function main(): Promise<void> {
  const input = JSON.parse(process.argv[2]!) as { archives: string[]; directory: string };
  await extractArchives(input, { onProgress: ({ done }) => process.stdout.write(`${done}\n`) });
}

void main();
