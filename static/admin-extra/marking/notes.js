'use strict';
// What is under way and what came of it: the bar below, and notes that are edited, moved, removed.
{
  const {root, text, make, say, panel, line} = marking;
  const bar = document.getElementById('bar');
  const above = document.getElementById('above');
  // What the next words are for: {do: 'move' | 'place', ...}.
  marking.task = null;

  let offered = null;
  marking.waitingNote = '';

  function offer(place) {
    offered = place;
    drawBar();
  }

  function drawBar() {
    const parts = [], task = marking.task;
    if (task) {
      parts.push(make('span', {}, say(task.do === 'move' ? 'move' : 'place', task.reference)));
      const stop = make('button', {type: 'button'}, say('no'));
      stop.addEventListener('click', stopTask);
      parts.push(stop);
    }
    if (offered) {
      const place = offered;
      const words = task && task.do === 'move' ? say('moveHere', task.reference) : say('add');
      const button = make('button', {type: 'button'}, words);
      button.addEventListener('click', () => {
        offered = null;
        drawBar();
        marking.take(place, () => marking.refocus(place.first));
      });
      parts.unshift(button);
    }
    const count = Object.keys(line.waiting).length;
    if (count && marking.waitingNote) {
      const again = make('button', {type: 'button'}, say('again'));
      again.addEventListener('click', () => line.sendAll());
      parts.push(make('span', {role: 'status'}, `${say(marking.waitingNote)} ${say('kept', count)}`), again);
    }
    bar.replaceChildren(...parts);
    bar.hidden = !parts.length;
  }

  function startTask(one) {
    marking.task = one;
    drawBar();
    marking.announce(say(one.do === 'move' ? 'move' : 'place', one.reference));
    const mark = one.passage && text.querySelector(`mark[data-p~="${one.passage}"]`);
    marking.goTo(mark ? marking.parOf(mark) : marking.paragraphs()[0], mark);
  }

  function stopTask() {
    const last = marking.task;
    marking.task = offered = null;
    marking.why.forget();
    drawBar();
    const note = last && last.passage && document.querySelector(`[data-p="${last.passage}"] [data-do=${last.do}]`);
    if (note) {
      note.focus();
    }
  }

  async function movePassage(place) {
    const {passage, version} = marking.task;
    const values = {do: 'move', passage, seen_passage: version, text: marking.textKey,
      seen_text: root.dataset.version, ...marking.sent(place), ...marking.why.typed};
    try {
      const {status, answer} = await marking.send(values);
      if (status === 200) {
        marking.why.forget();
        marking.task = offered = null;
        drawBar();
        marking.made(answer);
      } else {
        if (answer.values) {
          marking.task.version = answer.values.seen_passage;
        }
        tell([].concat(...Object.values(answer.errors)).join(' '), answer.conflict);
        if (answer.wants_line) {
          marking.why.ask(bar, () => movePassage(place));
        }
      }
    } catch (error) {
      tell(trouble(error));
    }
  }

  const trouble = (error) => say(error instanceof line.LineDown ? 'unreachable'
    : error instanceof line.LoggedOut ? 'login' : 'failed');

  function tell(message, conflict) {
    const both = conflict ? conflict.differences.flatMap((one) => [
      make('span', {}, `${say('yours')}: ${one.yours}`),
      make('span', {}, `${say('theirs', conflict.by, conflict.at)}: ${one.theirs}`)]) : [];
    drawBar();
    bar.prepend(make('strong', {role: 'alert'}, message), ...both);
    bar.hidden = false;
  }

  // --- notes: edit, move, remove; light up with their words ---------------------------------------

  // Each note has a link to the form; with the script it is moved and removed in place too.
  function drawDo(note) {
    const link = note.querySelector(':scope > a');
    if (!link) {
      return;
    }
    const box = make('span', {class: 'do'});
    link.replaceWith(box);
    const act = (what, words) => {
      const button = make('button', {type: 'button', 'data-do': what, 'aria-label': `${words} ${note.dataset.r}`}, words);
      box.append(button);
    };
    if ('change' in root.dataset) {
      act('edit', say('edit'));
      act('move', note.closest('.lost') ? say('anew') : say('moveIt'));
    }
    if ('remove' in root.dataset) {
      act('remove', say('remove'));
    }
  }

  async function edit(note) {
    const back = () => {
      const link = document.querySelector(`[data-p="${note.dataset.p}"] [data-do=edit]`);
      if (link) {
        link.focus();
      }
    };
    try {
      const {status, answer} = await marking.get(marking.url, {
        text: marking.textKey, passage: note.dataset.p,
      });
      if (status !== 200) {
        return tell([].concat(...Object.values(answer.errors)).join(' '));
      }
      const values = {...answer.values, do: 'edit', passage: note.dataset.p};
      const host = note.closest('.place') ? note.closest('.beside') : above;
      panel.open({values, host, words: answer.values.words, title: `${say('edit')} ${answer.reference}`, back});
    } catch (error) {
      tell(trouble(error));
    }
  }

  function askRemove(note) {
    const old = note.querySelector('.do');
    const box = make('span', {class: 'do', role: 'group'}, make('b', {}, say('confirm', note.dataset.r)));
    const act = (label, extra) => {
      const button = make('button', {type: 'button'}, label);
      button.addEventListener('click', () => remove(note, extra));
      box.append(' ', button);
    };
    act(say('yes'), {});
    if ('only' in note.dataset) {
      act(say('withMention', note.dataset.m), {with_mention: 'on'});
    }
    const keep = make('button', {type: 'button'}, say('no'));
    const back = () => {
      marking.why.forget();
      box.replaceWith(old);
      old.querySelector('[data-do=remove]').focus();
    };
    keep.addEventListener('click', back);
    box.addEventListener('keydown', (event) => event.key === 'Escape' && back());
    box.append(' ', keep);
    old.replaceWith(box);
    box.querySelector('button').focus();
  }

  async function remove(note, extra) {
    const box = note.closest('.place');
    const n = box && marking.numberOf(box.querySelector('.par'));
    try {
      const {status, answer} = await marking.send({
        do: 'remove', passage: note.dataset.p, seen_passage: note.dataset.v,
        text: marking.textKey, ...extra, ...marking.why.typed,
      });
      if (status === 200) {
        marking.why.forget();
        drawBar();
        marking.made(answer);
        if (n) {
          marking.refocus(n);
        }
      } else {
        tell([].concat(...Object.values(answer.errors)).join(' '), answer.conflict);
        if (answer.wants_line) {
          marking.why.ask(bar, () => remove(note, extra));
        }
      }
    } catch (error) {
      tell(trouble(error));
    }
  }

  root.addEventListener('click', (event) => {
    const button = event.target.closest('[data-do]');
    if (!button || button.dataset.do === 'close') {
      return;
    }
    event.preventDefault();
    const note = button.closest('li');
    const what = button.dataset.do;
    if (what === 'edit') {
      edit(note);
    } else if (what === 'move') {
      startTask({do: 'move', passage: note.dataset.p, version: note.dataset.v, reference: note.dataset.r});
    } else if (what === 'remove') {
      askRemove(note);
    } else if (what === 'place') {
      startTask({do: 'place', mention: note.dataset.m, label: note.dataset.d, reference: note.dataset.r});
    }
  });

  function light(keys, on) {
    for (const key of keys) {
      document.querySelectorAll(`mark[data-p~="${key}"], .notes [data-p="${key}"]`).forEach(
        (one) => one.classList.toggle('lit', on));
    }
  }
  for (const [name, on] of [['mouseover', true], ['mouseout', false], ['focusin', true], ['focusout', false]]) {
    text.addEventListener(name, (event) => {
      const one = event.target.closest('[data-p]');
      if (one) {
        light(one.dataset.p.split(' '), on);
      }
    });
  }

  Object.assign(marking, {offer, drawBar, stopTask, movePassage, tell, trouble, drawDo});
}
