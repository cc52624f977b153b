'use strict';
// What the server sends is put in; what waits for it is drawn; the screen begins.
{
  const {root, text, make, say, panel, line} = marking;
  const bar = document.getElementById('bar');
  const above = document.getElementById('above');

  // Put in what the server sends: paragraphs with their notes, and the lists above.
  marking.made = (answer) => {
    const active = document.activeElement;
    const inside = active && active.closest && active.closest('.place');
    const n = inside && marking.numberOf(inside.querySelector('.par'));
    const open = panel.isOpen && root.querySelector('#mark');
    if (answer.version && String(answer.version) !== root.dataset.version) {
      marking.tell(say('stale'));
      const again = make('button', {type: 'button'}, say('reload'));
      again.addEventListener('click', () => location.reload());
      bar.append(again);
      return;
    }
    for (const [number, html] of Object.entries(answer.blocks || {})) {
      const old = document.getElementById(`par-${number}`);
      const fresh = new DOMParser().parseFromString(html, 'text/html').querySelector('.place');
      const held = open && old.contains(open) ? open : null;
      old.replaceWith(fresh);
      if (held) {
        fresh.querySelector('.beside').prepend(held);
      }
      prepare(fresh);
    }
    if (answer.above) {
      const folded = above.querySelector('.unmarked');
      const wasOpen = folded && folded.open;
      above.innerHTML = answer.above;
      above.querySelectorAll('.lost li').forEach(marking.drawDo);
      const now = above.querySelector('.unmarked');
      if (now) {
        now.open = wasOpen;
      }
    }
    const select = document.getElementById('id_mention');
    if (answer.mentions && select && !panel.isOpen) {
      select.innerHTML = answer.mentions;
    }
    marking.drawWaiting(line.waiting, '');
    if (answer.said) {
      marking.announce(answer.said);
    }
    if (open) {
      marking.highlight('chosen', panel.place ? [panel.place] : []);
      if (active && active.isConnected) {
        active.focus({preventScroll: true});
      }
    } else if (n && !document.contains(active)) {
      marking.refocus(n);
    } else if (document.activeElement === document.body && answer.number) {
      const note = document.getElementById(`p-${answer.number}`);
      const place = note && note.closest('.place');
      if (place) {
        place.querySelector('.par').focus({preventScroll: true});
      }
    }
  };

  // Marks that are not with the server yet, beside their words.
  marking.drawWaiting = (waiting, what) => {
    marking.waitingNote = what;
    text.querySelectorAll('.notes .waits').forEach((one) => one.remove());
    text.querySelectorAll('.notes:empty').forEach((one) => one.remove());
    const places = [];
    for (const [token, mark] of Object.entries(waiting)) {
      const same = mark.values.seen_text === root.dataset.version;
      const par = same && marking.paragraph(mark.place.first);
      const box = (par || marking.paragraphs()[0]).parentNode.querySelector('.beside');
      const state = mark.state === 'refused' ? 'refused' : what ? 'waiting' : 'saving';
      const note = make('li', {class: `waits${state === 'refused' ? ' bad' : ''}`}, make('b', {}, mark.label),
        make('small', {}, say(state)));
      if (mark.state === 'refused') {
        note.append(make('span', {role: 'alert'}, [].concat(...Object.values(mark.answer.errors)).join(' ')));
        const correct = make('button', {type: 'button'}, say('correct'));
        correct.addEventListener('click', () => reopen(token));
        const discard = make('button', {type: 'button'}, say('discard'));
        discard.addEventListener('click', () => line.drop(token));
        note.append(make('span', {class: 'do'}, correct, discard));
      }
      if (par) {
        places.push(mark.place);
      }
      let list = box.querySelector('.notes');
      if (!list) {
        list = make('ul', {class: 'notes'});
        const before = box.querySelector('#mark, .hints');
        before && before.id === 'mark' ? before.after(list) : box.prepend(list);
      }
      list.append(note);
    }
    marking.highlight('waiting', places);
    marking.drawBar();
  };

  function reopen(token) {
    const mark = line.waiting[token];
    line.drop(token);
    const {values} = mark;
    const same = values.seen_text === root.dataset.version;
    const place = same ? mark.place : {first: 1, last: 1, from: 0, to: 1};
    panel.open({place, values: {...values}, words: values.words, back: () => marking.refocus(place.first)});
    panel.showErrors(mark.answer);
  }

  marking.refusedMark = (token) => {
    if (!panel.isOpen) {
      reopen(token);
    }
  };

  // --- beginning -----------------------------------------------------------------------------------

  function prepare(box) {
    const par = box.querySelector('.par');
    par.tabIndex = 0;
    par.setAttribute('role', 'textbox');
    par.setAttribute('aria-readonly', 'true');
    par.setAttribute('aria-multiline', 'true');
    par.setAttribute('aria-label', `${marking.numberOf(par)}`);
    box.querySelectorAll('.notes li').forEach(marking.drawDo);
    marking.drawHints(box, marking.numberOf(par));
  }

  root.classList.add('on');
  marking.readWords();
  above.querySelectorAll('.lost li').forEach(marking.drawDo);
  text.querySelectorAll('.place').forEach(prepare);
  line.load();
}
