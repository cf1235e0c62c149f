import type { Frame, Page } from 'playwright-core';

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
