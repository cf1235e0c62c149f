const { TestEnvironment } = require('jest-environment-node');

// The library reads the environment of the process, of which tests have only a copy.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

const TYPED_ARRAYS = [
  Float32Array,
  Float64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
];

/**
 * Jest runs tests in a realm of its own. Native add-ons (TensorFlow, DuckDB, sharp) hand back typed arrays of the outer
 * realm, and libraries test them with `instanceof`; sharing the constructors keeps both sides in agreement.
 */
class SharedTypedArrays extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const constructor of TYPED_ARRAYS) this.global[constructor.name] = constructor;
    // Jest loads ECMAScript modules only behind an experimental flag of Node; the outer realm just does.
    this.global.importModule = (path) => import(path);
  }
}

module.exports = SharedTypedArrays;
