import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { projectRoot } from '../../../lib/home';

/** What a page of Temporal's UI shows, with the frames that it renders Markdown in. */
export async function textOfFrames(page: Page): Promise<string> {
  const texts = await Promise.all(page.frames().map(textOf));
  return texts.join('\n').replace(/\u00a0/g, ' ');
}

/** Nothing if the frame is taken away or loads anew meanwhile. */
async function textOf(frame: Frame): Promise<string> {
  try {
    return await frame.evaluate<string>('document.body.innerText');
  } catch (error) {
    if (frame.isDetached() || /context was destroyed|detached/.test(String(error))) return '';
    throw error;
  }
}

/** Makes a picture of the documentation anew, but only when asked to: `SERENGETI_PICTURES=1`. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.SERENGETI_PICTURES === undefined) return;
  await page.screenshot({ path: join(projectRoot(), 'docs', 'images', `${name}.png`) });
}
