'use strict';

/** Sends marks one after the other and says of none that it is saved before the server has said so. */
globalThis.review = { data: JSON.parse(document.getElementById('data').textContent) };

{
  const RETRY_MILLISECONDS = 2000;
  const FORBIDDEN = 403;
  const status = document.getElementById('status');
  const trouble = document.getElementById('trouble');
  const waiting = [];
  let isSending = false;
  let saved = 0;

  /**
   * @param mark what the server gets
   * @param onSaved called with the progress that the server answers
   * @param onRefused called where it will never be saved
   */
  review.send = (mark, onSaved, onRefused) => {
    waiting.push({ mark, onSaved, onRefused });
    show();
    if (!isSending) void sendAll();
  };

  /** @returns parsed JSON; fails with what the server says */
  review.ask = async (address, options) => {
    const response = await fetch(address, options).catch(() => {
      throw new Error('The server does not answer: is `serengeti review` still running?');
    });
    const isJson = response.headers.get('content-type') === 'application/json';
    const answer = isJson ? await response.json() : undefined;
    if (response.ok) return answer;
    const text = [answer?.message ?? `The server answers ${response.status}.`, answer?.repair ?? ''].join(' ');
    throw Object.assign(new Error(text), { status: response.status });
  };

  /** Tells the page where the server was started anew. @returns whether it was */
  review.renewSecret = async () => {
    const before = review.data.secret;
    try {
      review.data.secret = (await review.ask('/secret')).secret;
    } catch {
      return false; // it does not answer, which is said where something is asked of it
    }
    const isAnother = review.data.secret !== before;
    if (isAnother) dispatchEvent(new Event('restart'));
    return isAnother;
  };

  review.complain = (text) => {
    trouble.textContent = text;
    trouble.hidden = text === '';
  };

  addEventListener('beforeunload', (event) => {
    if (waiting.length > 0) event.preventDefault();
  });

  async function sendAll() {
    isSending = true;
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      try {
        const progress = await review.ask('/marks', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-Review-Secret': review.data.secret },
          body: JSON.stringify(first.mark),
        });
        waiting.shift();
        saved += 1;
        review.complain('');
        first.onSaved(progress);
      } catch (error) {
        // A server that was started anew has another secret.
        if (error.status === FORBIDDEN && (await review.renewSecret())) continue;
        const isRefused = error.status >= 400 && error.status < 500;
        review.complain(isRefused ? `Not saved. ${error.message}` : `Not saved yet, trying again. ${error.message}`);
        if (isRefused) {
          waiting.shift();
          first.onRefused();
        } else {
          await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS));
        }
      }
      show();
    }
    isSending = false;
  }

  function show() {
    status.textContent = waiting.length > 0 ? `Saving ${waiting.length} …` : saved > 0 ? 'Saved' : '';
    status.dataset.state = waiting.length > 0 ? 'saving' : 'saved';
  }
}
