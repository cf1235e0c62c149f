import { downloadFile } from '../../lib/seasons/transfer/downloadFile';
import { probe } from '../../lib/seasons/mirrors/probe';

/** Downloads a file: `download.js MIRROR PATH TARGET`. Prints one JSON object with the most memory held. */
async function main([url, path, target]: readonly string[]): Promise<void> {
  const mirrors = [{ name: 'loopback', url: url! }];
  await downloadFile({ mirrors, file: await probe(mirrors, path!), target: target! });
  console.log(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024 }));
}

void main(process.argv.slice(2));
