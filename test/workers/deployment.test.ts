import { buildId, deploymentOptions } from '../../workers/deployment';

describe('the deployment of a worker', () => {
  it('is none unless one is named: any worker takes any run', () => {
    expect(deploymentOptions(undefined)).toEqual({});
  });

  it('has the build as its version, to which runs are pinned', () => {
    const build = buildId();
    expect(build).toMatch(/^\d+\.\d+\.\d+-[0-9a-f]{12}$/);
    expect(deploymentOptions('serengeti').workerDeploymentOptions).toEqual({
      version: { deploymentName: 'serengeti', buildId: build },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    });
  });
});
