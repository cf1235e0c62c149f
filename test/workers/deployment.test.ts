import { buildId, deploymentOptions } from '../../workers/deployment';

describe('the deployment of a worker', () => {
  it('pins no run unless it is named', () => {
    expect(deploymentOptions(undefined, () => 'b1')).toEqual({
      version: { deploymentName: 'serengeti', buildId: 'b1' },
      useWorkerVersioning: false,
    });
  });

  it('has the build as its version, to which runs are pinned', () => {
    const build = buildId();
    expect(build).toMatch(/^\d+\.\d+\.\d+-[0-9a-f]{12}$/);
    expect(deploymentOptions('serengeti')).toEqual({
      version: { deploymentName: 'serengeti', buildId: build },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    });
  });
});
