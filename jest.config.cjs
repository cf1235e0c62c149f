/** Tests mirror the tree: test/lib/store/… holds the specification of lib/store/…, test/e2e drives real processes. */
module.exports = {
  rootDir: __dirname,
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testEnvironment: '<rootDir>/test/support/environment.cjs',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs', ignoreDynamic: true },
        sourceMaps: 'inline',
      },
    ],
  },
  // For what hangs, and the only limit: what takes a second alone takes a minute where many processes share two processors.
  testTimeout: 600_000,
};
