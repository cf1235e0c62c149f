import { keepEndedRuns } from '../../workers/temporalServer';
import { testServer } from '../workflows/support';

const environment = testServer();

describe('the embedded server', () => {
  it('keeps ended runs for 90 days', async () => {
    const { connection } = environment();
    await keepEndedRuns(connection);
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(90 * 24 * 60 * 60);
  });
});
