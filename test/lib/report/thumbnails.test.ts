import sharp from 'sharp';
import { thumbnail } from '../../../lib/report/thumbnails';

const OPTIONS = { size: 320, quality: 70 };
const photograph = () => sharp({ create: { width: 800, height: 600, channels: 3, background: 'olive' } });

test('nothing comes of what is no photograph', async () => {
  expect(await thumbnail(Buffer.from('no photograph'), OPTIONS)).toBeUndefined();
  expect(await thumbnail(Buffer.alloc(0), OPTIONS)).toBeUndefined();
});

test('shrinks to the longer side, keeps the shape', async () => {
  const small = await thumbnail(await photograph().jpeg().toBuffer(), OPTIONS);
  expect(small).toMatchObject({ width: 320, height: 240, url: expect.stringMatching(/^data:image\/jpeg;base64,/) });
});

test('does not enlarge', async () => {
  const tiny = await photograph().resize(100, 75).jpeg().toBuffer();
  expect(await thumbnail(tiny, OPTIONS)).toMatchObject({ width: 100, height: 75 });
});

test('turns the photograph upright, and tells nothing of where it was taken', async () => {
  const exif = { IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '2/1 20/1 0/1' } };
  const turned = await photograph().withExif(exif).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const small = await thumbnail(turned, OPTIONS);
  expect(small).toMatchObject({ width: 240, height: 320 });
  const metadata = await sharp(Buffer.from(small!.url.split(',')[1]!, 'base64')).metadata();
  expect(metadata.exif).toBeUndefined();
});
