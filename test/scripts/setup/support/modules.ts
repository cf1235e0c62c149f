import { join } from 'node:path';

/** The clone that the tests are in. */
export const ROOT = join(__dirname, '..', '..', '..', '..');

/** Set-up's modules have no build and no types of their own: this is what the tests use of them. */
export interface SetupModules {
  readonly addon: {
    isAddonBuilt(places: AddonPlaces): boolean;
    buildAddon(places: AddonPlaces, compiler: string[]): Promise<void>;
  };
  readonly build: { isBuilt(root: string): boolean; build(root: string): Promise<void> };
  readonly device: {
    chooseDevice(env: NodeJS.ProcessEnv, platform?: string, exists?: (path: string) => boolean): 'cpu' | 'gpu';
  };
  readonly download: {
    download(wheel: Wheel, folder: string, context: Context): Promise<string>;
    tagParameters(file: string): string[];
  };
  readonly lock: { acquireLock(root: string, onWait: (holder: string) => void): Promise<() => Promise<void>> };
  readonly packages: { arePackagesInstalled(root: string): boolean };
  readonly part: {
    pinnedPart(directory: string, platform: string): Part;
    isPartInstalled(part: Part, native: string): boolean;
    installPart(part: Part, native: string, context: Context): Promise<void>;
  };
  readonly pins: { PINS: Record<string, Record<string, readonly Wheel[]>> };
  readonly prerequisites: {
    checkNode(version: string): void;
    checkPlatform(platform: string): void;
    checkLibrary(report: { getReport(): object }): void;
    requirePython(env: NodeJS.ProcessEnv): Promise<string>;
    requireCompiler(env: NodeJS.ProcessEnv): string[];
  };
  readonly python36: { findPython36(env: NodeJS.ProcessEnv, platform?: string): string | undefined };
  readonly steps: {
    listSteps(places: { root: string; home: string }): { readonly title: string; isDone(): boolean }[];
  };
  readonly temporal: { findTemporal(env: NodeJS.ProcessEnv): string | undefined };
}

export interface AddonPlaces {
  readonly root: string;
  readonly tensorflow: string;
  readonly library: string;
}

export interface Wheel {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly keep: Readonly<Record<string, string>>;
  readonly convert?: Readonly<Record<string, string>>;
  readonly keptBytes: number;
}

export interface Part {
  readonly directory: string;
  readonly wheels: readonly Wheel[];
}

export interface Context {
  readonly python: string;
  readonly progress: { line(text: string): void; transfer(): void };
  readonly env?: NodeJS.ProcessEnv;
}

declare const importModule: (path: string) => Promise<unknown>;

/** Loads a module of `scripts/setup`. */
export async function setupModule<Name extends keyof SetupModules>(name: Name): Promise<SetupModules[Name]> {
  return (await importModule(join(ROOT, 'scripts', 'setup', `${name}.mjs`))) as SetupModules[Name];
}

/** What set-up says, kept. */
export class Lines {
  readonly lines: string[] = [];

  line(text: string): void {
    this.lines.push(text);
  }

  transfer(): void {
    // Transfers of a test are over before the first report.
  }
}
