/**
 * The camera's geometry: a pinhole 90 cm above level ground, looking along it. Distances in metres, places in pixels of
 * the scene, which is the frame without its info strip.
 */
export class View {
  readonly width: number;
  readonly height: number;
  /** Row of the horizon. */
  readonly horizon: number;
  /** Height of the info strip below the scene. */
  readonly strip: number;

  constructor(frameWidth: number, frameHeight: number, horizonShare: number) {
    const { width, height } = sceneSize(frameWidth, frameHeight);
    this.width = width;
    this.height = height;
    this.strip = frameHeight - height;
    this.horizon = Math.round(this.height * horizonShare);
  }

  /** Pixels that a metre covers. */
  scaleAt(distance: number): number {
    return this.#focal / distance;
  }

  /** Row where the ground is so far away. */
  groundAt(distance: number): number {
    return this.horizon + (this.#focal * CAMERA_HEIGHT) / distance;
  }

  /** How far away the ground is that a row below the horizon shows. */
  distanceAt(row: number): number {
    return (this.#focal * CAMERA_HEIGHT) / Math.max(0.5, row - this.horizon);
  }

  get #focal(): number {
    return this.width * 0.95;
  }
}

export const CAMERA_HEIGHT = 0.9;

/** Pixels of the scene in a frame: all but the info strip. */
export function sceneSize(frameWidth: number, frameHeight: number): { width: number; height: number } {
  return { width: frameWidth, height: frameHeight - Math.max(9, Math.round(frameHeight * 0.042)) };
}
