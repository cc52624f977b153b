'use strict';
// What each paragraph seems to raise, with one key to accept and one to dismiss.
{
  const {root, text, data, make, say, panel} = marking;
  // Of each paragraph: [demand, start, end, words] of what is still suggested.
  const hints = new Map(Object.entries(data.hints || {}).map(([n, one]) => [Number(n), one]));

  // What is suggested for a paragraph and not marked in it by now.
  function left(n) {
    if (!hints.has(n)) {
      return [];
    }
    const par = marking.paragraph(n);
    const keys = new Set([...par.querySelectorAll('mark')].flatMap((mark) => mark.dataset.p.split(' ')));
    const marked = new Set([...text.querySelectorAll('.notes [data-p]')]
      .filter((note) => keys.has(note.dataset.p)).map((note) => Number(note.dataset.d)));
    return hints.get(n).filter(([demand]) => !marked.has(demand));
  }

  function drawHints(box, n) {
    const old = box.querySelector('.hints');
    if (old) {
      old.remove();
    }
    const all = left(n);
    if (!all.length) {
      return;
    }
    const list = make('ul', {class: 'hints', 'aria-label': say('hints')});
    all.forEach(([demand, , , ...words], place) => {
      const label = data.demands[demand];
      const yes = make('button', {type: 'button', class: 'yes', tabindex: place ? '-1' : '0',
        title: words.length ? `${label} (${say('because', words.join(', '))})` : label}, label);
      const nay = make('button', {type: 'button', class: 'nay', tabindex: '-1', 'aria-label': say('dismiss', label)}, '×');
      yes.addEventListener('click', () => accept(n, place, () => marking.refocus(n)));
      nay.addEventListener('click', () => dismiss(n, place));
      yes.addEventListener('keydown', (event) => {
        const items = [...list.querySelectorAll('.yes')];
        const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
        if (step) {
          items[(place + step + items.length) % items.length].focus();
        } else if (event.key === 'a') {
          accept(n, place, () => marking.refocus(n));
        } else if (event.key === 'x' || event.key === 'Delete') {
          dismiss(n, place);
        } else if (event.key === 'Escape') {
          marking.paragraph(n).focus();
        } else {
          return;
        }
        event.preventDefault();
      });
      list.append(make('li', {}, yes, nay));
    });
    box.querySelector('.beside').append(list);
  }

  // Mark what is suggested: the words chosen in the paragraph, or its best sentence.
  function accept(n, place, back) {
    const hint = left(n)[place];
    if (!hint || panel.isOpen) {
      return;
    }
    const [demand, start, end] = hint;
    const own = marking.selected();
    const chosen = own && own.first === n && marking.wordsOf(own).includes(' ');
    panel.open({
      place: chosen ? own : marking.placeBetween(n, start, end),
      values: {demand: data.demands[demand]}, back,
    });
  }

  async function dismiss(n, place) {
    const all = hints.get(n), hint = left(n)[place];
    if (!hint) {
      return;
    }
    const box = document.getElementById(`par-${n}`);
    const focused = box.querySelector('.hints') && box.querySelector('.hints').contains(document.activeElement);
    hints.set(n, all.filter((other) => other !== hint));
    drawHints(box, n);
    if (focused) {
      const next = box.querySelectorAll('.hints .yes');
      (next[Math.min(place, next.length - 1)] || marking.paragraph(n)).focus();
    }
    try {
      const {status, answer} = await marking.send({
        do: 'dismiss', demand: hint[0], paragraph: n,
        text: marking.textKey, seen_text: root.dataset.version,
      });
      if (status !== 200) {
        throw new Error(JSON.stringify(answer));
      }
      marking.announce(answer.said);
    } catch (error) {
      hints.set(n, all);
      drawHints(box, n);
      marking.tell(marking.trouble(error));
    }
  }

  Object.assign(marking, {accept, dismiss, drawHints});
}
