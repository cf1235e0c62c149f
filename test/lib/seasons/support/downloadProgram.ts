import type { Mirror } from '../../../../lib/contracts/catalog';
import { downloadFile } from '../../../../lib/seasons/transfer/downloadFile';
import { probe } from '../../../../lib/seasons/mirrors/probe';

/** Downloads a file and prints how many bytes are there, line by line. */
async function main(): Promise<void> {
  const { mirrors, path, target, connections } = JSON.parse(process.argv[2]!) as {
    mirrors: Mirror[];
    path: string;
    target: string;
    connections: number;
  };
  const file = await probe(mirrors, path);
  const onProgress = ({ done }: { done: number }): boolean => process.stdout.write(`${done}\n`);
  await downloadFile({ mirrors, file, target }, { connections, onProgress });
}

void main();
