/**
 * Loaded into a worker by `--require`: kills it, without warning, in the very call that logs what `DIE_AT` describes.
 * The line itself comes out a tenth of a second later, too late for steps that take milliseconds. With `"how": "link"`
 * the worker lives, and its host loses the network.
 */
const { isMainThread } = require('node:worker_threads');

// The worker's own threads and processes are no workers.
if (isMainThread && process.argv[1].endsWith('main.js')) {
  const { DefaultLogger } = require('@temporalio/worker');
  const wanted = JSON.parse(process.env.DIE_AT);
  const { log } = DefaultLogger.prototype;

  DefaultLogger.prototype.log = function (level, message, meta) {
    const { activityType, done } = meta ?? {};
    const isDue =
      activityType === wanted.activity && message === wanted.message && (message !== 'Progress' || done > 0);
    if (isDue && wanted.how === 'link') cutLink();
    else if (isDue) process.kill(process.pid, 'SIGKILL');
    log.call(this, level, message, meta);
  };
}

function cutLink() {
  require('node:child_process').execFileSync('ip', ['link', 'set', 'eth0', 'down']);
  process.stderr.write('The link is down\n');
}
