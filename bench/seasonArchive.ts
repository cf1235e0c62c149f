import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ZipWriter, type ZipMethod } from '../simulator/publishing/zipWriter';
import { pathExists } from '../lib/io/files';
import { benchFolder } from './harness';

/** Noon of a day at the beginning of the Serengeti's first season. */
const TIME = Date.UTC(2010, 6, 1, 12);

/** Makes an archive with the names of a season, once. @returns its path */
export async function seasonArchive(
  bench: string,
  name: string,
  entries: number,
  method: ZipMethod,
  frame: (i: number) => Buffer,
): Promise<string> {
  const path = join(benchFolder(bench), name);
  if (await pathExists(path)) return path;
  console.log(`Making ${name}, once …`);
  await mkdir(benchFolder(bench), { recursive: true });
  const file = await open(`${path}.part`, 'w');
  const writer = new ZipWriter(file);
  for (let i = 0; i < entries; i++) await writer.add(nameOf(i), frame(i), TIME, method);
  await writer.end();
  await file.sync();
  await file.close();
  await rename(`${path}.part`, path);
  return path;
}

function nameOf(i: number): string {
  const site = `B${String(i % 200).padStart(3, '0')}`;
  return `S1/${site}/${site}_R1/S1_${site}_R1_PICT${String(i).padStart(6, '0')}.JPG`;
}
