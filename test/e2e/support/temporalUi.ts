import { join } from 'node:path';
import { errors, type Frame, type Locator, type Page } from 'playwright-core';
import { projectRoot } from '../../../lib/io/home';

/** How long a page may take before it is asked for anew. */
const PATIENCE_MS = 10_000;

/**
 * Opens a page, anew until it shows what is looked for: the server lists a run a while after it began, and a page that
 * was opened before says "not found" for good.
 */
export async function openShowing(page: Page, url: string, wanted: Locator): Promise<void> {
  do await page.goto(url);
  while (!(await appears(wanted)));
}

/** Opens what the UI shows of a run's details. @param url - of the run */
export async function openDetails(page: Page, url: string): Promise<void> {
  const tab = page.getByTestId('user-metadata-tab');
  await openShowing(page, url, tab);
  await tab.click();
}

async function appears(wanted: Locator): Promise<boolean> {
  try {
    await wanted.waitFor({ timeout: PATIENCE_MS });
    return true;
  } catch (error) {
    if (error instanceof errors.TimeoutError) return false;
    throw error;
  }
}

/** The UI keeps a second copy of most things, for narrow screens. */
export function seen(locator: Locator): Locator {
  return locator.filter({ visible: true }).first();
}

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
