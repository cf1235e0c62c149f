/** What networks see in tests where that does not matter: a sixteenth of the default's pixels. */
export const SMALL_MODEL = { input: { width: 96, height: 96 } } as const;
