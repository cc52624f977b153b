'use strict';
// The line to the server: what is sent, and marks that wait while there is none. Each mark
// carries a token, so that one that is sent twice is made once.
{
  const {root, data} = marking;
  const url = marking.url + root.dataset.url;
  const KEY = `kptracker-marks:${data.user}:${url}`;
  const AGAIN = 15000;

  class LineDown extends Error {}
  class LoggedOut extends Error {}

  const cookie = () => {
    const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    const field = document.querySelector('#mark-form [name=csrfmiddlewaretoken]');
    return found ? found[1] : field ? field.value : '';
  };

  async function ask(address, options = {}) {
    let answer;
    try {
      answer = await fetch(address, {
        ...options, credentials: 'same-origin',
        headers: {Accept: 'application/json', ...options.headers},
      });
    } catch {
      throw new LineDown();
    }
    if (answer.redirected || !(answer.headers.get('Content-Type') || '').includes('json')) {
      // The page of the login, or of an error; gateways speak so when the server is away.
      throw answer.status >= 502 && answer.status <= 504 ? new LineDown()
        : answer.redirected || answer.status === 403 ? new LoggedOut() : new Error(`${answer.status}`);
    }
    return {status: answer.status, answer: await answer.json()};
  }

  marking.get = (path, values) => ask(`${path}?${new URLSearchParams(values)}`);
  // Whoever changes what visitors read says why: the lines come out when the server asks for
  // them, go with what is sent next, and are put back empty when it was done or given up.
  const lines = document.getElementById('correction');
  const home = lines && lines.nextElementSibling;
  const inputs = lines ? [...lines.querySelectorAll('input')] : [];
  marking.why = {
    // `host` is where they stand if not in the form; `again()` sends what was refused once more.
    ask(host, again) {
      lines.hidden = false;
      if (host) {
        const button = marking.make('button', {type: 'button'}, marking.say('again'));
        button.addEventListener('click', again);
        host.append(lines, button);
      }
      inputs[0].focus();
    },
    forget() {
      if (lines) {
        lines.hidden = true;
        home.before(lines);
        for (const one of inputs) {
          one.type === 'text' ? one.value = '' : one.checked = false;
        }
      }
    },
    get typed() {
      return Object.fromEntries(inputs.filter((one) => one.type === 'text' || one.checked)
        .map((one) => [one.name, one.value]));
    },
  };
  if (lines) {
    lines.hidden = true;
  }

  marking.send = (values) => ask(url, {
    method: 'POST', body: new URLSearchParams(values), headers: {'X-CSRFToken': cookie()},
  });

  // --- what waits ----------------------------------------------------------------------------

  // {token: {values, place, label, state, errors}}; kept so that a reload loses nothing.
  let waiting = {};
  const stored = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) || {};
    } catch {
      return {};
    }
  };
  const store = (change) => {
    const all = stored();
    change(all);
    change(waiting);
    try {
      if (Object.keys(all).length) {
        localStorage.setItem(KEY, JSON.stringify(all));
      } else {
        localStorage.removeItem(KEY);
      }
    } catch {
      // Without storage they are kept in the page alone.
    }
  };

  let sending = false, timer = 0;

  // Send what waits, one after the other; a line that breaks off leaves the rest for later.
  async function sendAll() {
    if (sending) {
      return;
    }
    sending = true;
    clearTimeout(timer);
    let trouble = '';
    for (const [token, mark] of Object.entries(waiting)) {
      if (mark.state === 'refused') {
        continue;
      }
      try {
        const {status, answer} = await marking.send(mark.values);
        if (status === 200) {
          store((all) => delete all[token]);
          marking.made(answer);
        } else {
          store((all) => {
            all[token] = {...mark, state: 'refused', answer};
          });
          marking.refusedMark(token, waiting[token]);
        }
      } catch (error) {
        trouble = error instanceof LineDown ? 'down' : error instanceof LoggedOut ? 'login' : 'failed';
        break;
      }
    }
    sending = false;
    marking.drawWaiting(waiting, trouble);
    const left = Object.values(waiting).some((mark) => mark.state !== 'refused');
    if (left) {
      timer = setTimeout(sendAll, trouble ? AGAIN : 0);
    }
  }

  marking.line = {
    put(mark) {
      store((all) => {
        all[mark.values.token] = mark;
      });
      marking.drawWaiting(waiting, '');
      return sendAll();
    },
    drop(token) {
      store((all) => delete all[token]);
      marking.drawWaiting(waiting, '');
    },
    load() {
      waiting = stored();
      if (Object.keys(waiting).length) {
        marking.drawWaiting(waiting, '');
        sendAll();
      }
    },
    get waiting() { return waiting; },
    sendAll, LineDown, LoggedOut,
  };
  addEventListener('online', sendAll);
  // Another tab with the same text may have sent them.
  addEventListener('storage', (event) => {
    if (event.key === KEY && !sending) {
      waiting = stored();
      marking.drawWaiting(waiting, '');
    }
  });
}
