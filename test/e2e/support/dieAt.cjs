/**
 * Loaded into a worker by `--require`: kills it, without warning, at the very log line that `DIE_AT` describes. A test
 * that reads the line and then sends the signal comes too late for steps that take milliseconds.
 */
const wanted = JSON.parse(process.env.DIE_AT);
const write = process.stdout.write.bind(process.stdout);

process.stdout.write = (text, ...others) => {
  if (isDue(String(text))) process.kill(process.pid, 'SIGKILL');
  return write(text, ...others);
};

function isDue(text) {
  if (!text.startsWith('{')) return false;
  const { activityType, message, done } = JSON.parse(text);
  return activityType === wanted.activity && message === wanted.message && (message !== 'Progress' || done > 0);
}
