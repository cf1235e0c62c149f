import { extractArchives } from '../../lib/seasons/frames/unzip';

/** Extracts an archive: `unzip.js ARCHIVE DIRECTORY`. Prints one JSON object. */
async function main([archive, directory]: readonly string[]): Promise<void> {
  const result = await extractArchives({ archives: [archive!], directory: directory! });
  console.log(JSON.stringify({ ...result, peakBytes: process.resourceUsage().maxRSS * 1024 }));
}

void main(process.argv.slice(2));
