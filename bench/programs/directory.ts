import { openFileReader, readDirectory } from '../../lib/seasons';

/** Reads an archive's directory: `directory.js ARCHIVE`. Prints one JSON object. */
async function main([archive]: readonly string[]): Promise<void> {
  const reader = await openFileReader(archive!);
  const started = performance.now();
  const { entries } = await readDirectory(reader);
  const seconds = (performance.now() - started) / 1000;
  await reader.close();
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ entries: entries.length, seconds, peakBytes }));
}

void main(process.argv.slice(2));
