'use strict';
// Words are chosen with mouse, finger or keys.
{
  const {root, text, panel} = marking;
  let anchor = -1, cursor = -1;   // places in marking.allWords
  let pointer = 'mouse', timer = 0;

  const parOf = (node) => node && node.closest && node.closest('.par');

  function moveTo(place, extending) {
    const all = marking.allWords;
    if (place < 0 || place >= all.length) {
      return;
    }
    cursor = place;
    if (!extending) {
      anchor = place;
      const par = marking.paragraph(all[place].n);
      if (document.activeElement !== par) {
        par.focus({preventScroll: true});
      }
    }
    const [one, other] = anchor < cursor ? [anchor, cursor] : [cursor, anchor];
    const chosen = marking.spanning(all[one], all[other]);
    marking.show(chosen);
    const words = marking.wordsOf(chosen);
    marking.announce(words.length > 120 ? `${words.slice(0, 60)} … ${words.slice(-50)}` : words);
  }

  function firstOf(par, last = false) {
    const n = marking.numberOf(par), all = marking.allWords;
    return last ? all.findLastIndex((word) => word.n === n) : all.findIndex((word) => word.n === n);
  }

  // The word above or below: on the nearest line, nearest to where the cursor is.
  function lineUp(step) {
    const all = marking.allWords;
    const boxOf = (word) => marking.rangeOf(marking.spanning(word, word)).getBoundingClientRect();
    const here = boxOf(all[cursor]), middle = here.left + here.width / 2;
    let best = -1, bestGap = Infinity, line = null;
    for (let place = cursor + step; place >= 0 && place < all.length; place += step) {
      const box = boxOf(all[place]);
      if (step > 0 ? box.top <= here.top + 2 : box.top >= here.top - 2) {
        continue;
      }
      if (line !== null && Math.abs(box.top - line) > 4) {
        break;
      }
      line = box.top;
      const gap = Math.abs(box.left + box.width / 2 - middle);
      if (gap < bestGap) {
        [best, bestGap] = [place, gap];
      }
    }
    return best;
  }

  function onKey(event) {
    const par = parOf(event.target);
    if (!par || event.target !== par || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const n = marking.numberOf(par);
    if (cursor < 0 || (anchor === cursor && marking.allWords[cursor].n !== n)) {
      anchor = cursor = firstOf(par);
    }
    const forth = getComputedStyle(par).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const steps = {ArrowLeft: -1, ArrowRight: -1};
    steps[forth] = 1;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key in steps) {
      moveTo(cursor + steps[key], event.shiftKey);
    } else if (key === 'ArrowUp' || key === 'ArrowDown') {
      moveTo(lineUp(key === 'ArrowUp' ? -1 : 1), event.shiftKey);
    } else if (key === 'Home' || key === 'End') {
      moveTo(firstOf(par, key === 'End'), event.shiftKey);
    } else if (key === 'Enter') {
      take(marking.selected(), () => refocus(n));
    } else if (key === 's') {
      takeSentence(marking.sentenceAround(marking.allWords[cursor]));
    } else if (key === 'a' || (key >= '1' && key <= '5')) {
      marking.accept(n, key === 'a' ? 0 : Number(key) - 1, () => refocus(n));
    } else if (key === 'x') {
      marking.dismiss(n, 0);
    } else if (key === 'h') {
      const first = par.parentNode.querySelector('.hints .yes');
      if (first) {
        first.focus();
      }
    } else if (key === 'Escape' && marking.task) {
      marking.stopTask();
    } else {
      return;
    }
    event.preventDefault();
  }

  function takeSentence(place) {
    const all = marking.allWords;
    const inside = all.map((word, number) => [word, number]).filter(([word]) => (
      word.n === place.first && word.from >= place.from && word.to <= place.to));
    anchor = inside[0][1];
    cursor = inside[inside.length - 1][1];
    marking.show(place);
    marking.announce(marking.wordsOf(place));
  }

  function refocus(n) {
    const par = marking.paragraph(n);
    if (par) {
      par.focus({preventScroll: true});
      if (cursor >= 0 && marking.allWords[cursor] && marking.allWords[cursor].n === n) {
        anchor = cursor;
        moveTo(cursor, false);
      }
    }
  }

  // Words were chosen: they are for what is under way, or for a new mark.
  function take(place, back) {
    const task = marking.task;
    if (!place || !root.querySelector('#mark')) {
      return;
    }
    if (task && task.do === 'move') {
      marking.movePassage(place);
    } else if (task) {
      marking.stopTask();
      panel.open({place, values: {mention: task.mention, demand: task.label}, title: task.reference, back});
    } else {
      panel.open({place, back});
    }
  }

  text.addEventListener('keydown', onKey);
  text.addEventListener('focusin', (event) => {
    const par = parOf(event.target);
    if (par === event.target && par.matches(':focus-visible') && !panel.isOpen) {
      const n = marking.numberOf(par);
      if (cursor < 0 || marking.allWords[cursor].n !== n) {
        moveTo(firstOf(par), false);
      }
    }
  });
  document.addEventListener('pointerdown', (event) => {
    pointer = event.pointerType;
    clearTimeout(timer);
  });
  // A moment later: a double or triple click may still be going on.
  document.addEventListener('pointerup', (event) => {
    if (event.pointerType === 'mouse' && event.button === 0 && text.contains(event.target) && !event.target.closest('.beside')) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const place = marking.selected();
        if (place && !panel.isOpen) {
          cursor = anchor = marking.allWords.findIndex((word) => word.n === place.first && word.to > place.from);
          if (marking.task && marking.task.do === 'move') {
            marking.offer(place);
          } else {
            take(place, () => refocus(place.first));
          }
        }
      }, 300);
    }
  });
  // Fingers and pens drag handles for as long as they like: they get a button.
  document.addEventListener('selectionchange', () => {
    if (pointer === 'mouse' || panel.isOpen) {
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => marking.offer(marking.selected()), 250);
  });

  // The cursor goes to a word: of a paragraph, or of what a mark covers.
  function goTo(par, mark) {
    const all = marking.allWords, n = marking.numberOf(par);
    cursor = -1;
    par.focus({preventScroll: true});
    moveTo(mark ? all.findIndex((word) => word.n === n
      && marking.rangeOf(marking.spanning(word, word)).intersectsNode(mark)) : firstOf(par), false);
  }

  Object.assign(marking, {refocus, take, goTo, parOf});
}
