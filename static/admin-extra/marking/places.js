'use strict';
// Places in the text: where words begin and end. The browser counts UTF-16 units, the server
// Unicode code points; what stands in a paragraph's elements is the text itself, sign by sign.
window.marking = {};
{
  const root = document.getElementById('marking');
  const text = document.getElementById('text');
  // Punctuation around a word does not belong to it; letters, digits, accents and symbols do.
  const AROUND = /^[^\p{L}\p{N}\p{M}\p{S}]+|[^\p{L}\p{N}\p{M}\p{S}]+$/gu;
  const words = [];

  const paragraphs = () => [...text.querySelectorAll('.par')];
  const paragraph = (number) => text.querySelector(`#par-${number} .par`);
  const numberOf = (par) => Number(par.dataset.n);
  const codePoints = (string) => [...string].length;

  // Where each word stands: its paragraph and two UTF-16 offsets.
  function readWords() {
    words.length = 0;
    for (const par of paragraphs()) {
      const all = par.textContent;
      for (const match of all.matchAll(/\S+/gu)) {
        const core = match[0].replace(AROUND, '');
        if (core) {
          const from = match.index + match[0].indexOf(core);
          words.push({n: numberOf(par), from, to: from + core.length});
        }
      }
    }
  }

  // A place is {n, from} to {n, to}: paragraphs by number, offsets in UTF-16 units.
  function rangeOf(place) {
    const range = document.createRange();
    const put = (n, offset, set) => {
      const walker = document.createTreeWalker(paragraph(n), NodeFilter.SHOW_TEXT);
      let node, left = offset;
      while ((node = walker.nextNode())) {
        if (left <= node.length) {
          return range[set](node, left);
        }
        left -= node.length;
      }
    };
    put(place.first, place.from, 'setStart');
    put(place.last, place.to, 'setEnd');
    return range;
  }

  // What the server is told: code points of the whole text, and the words.
  function sent(place) {
    const first = paragraph(place.first), last = paragraph(place.last);
    const start = Number(first.dataset.start) + codePoints(first.textContent.slice(0, place.from));
    const end = Number(last.dataset.start) + codePoints(last.textContent.slice(0, place.to));
    return {start, end, words: wordsOf(place)};
  }

  function wordsOf(place) {
    if (place.first === place.last) {
      return paragraph(place.first).textContent.slice(place.from, place.to);
    }
    const parts = [];
    for (let n = place.first; n <= place.last; n += 1) {
      const all = paragraph(n).textContent;
      parts.push(all.slice(n === place.first ? place.from : 0, n === place.last ? place.to : undefined));
    }
    return parts.join('\n\n');
  }

  // The place between two offsets of the text in code points, inside one paragraph.
  function placeBetween(number, start, end) {
    const par = paragraph(number), all = [...par.textContent], base = Number(par.dataset.start);
    const units = (point) => all.slice(0, Math.max(0, point - base)).join('').length;
    return {first: number, last: number, from: units(start), to: units(end)};
  }

  // What is selected in the text, stretched to whole words; null where nothing is.
  function selected() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) {
      return null;
    }
    const range = selection.getRangeAt(0);
    const touched = paragraphs().filter((par) => range.intersectsNode(par));
    const parts = touched.map((par) => {
      const inside = document.createRange();
      inside.selectNodeContents(par);
      let from = 0, to = par.textContent.length;
      const before = inside.cloneRange();
      if (par.contains(range.startContainer)) {
        before.setEnd(range.startContainer, range.startOffset);
        from = before.toString().length;
      }
      if (par.contains(range.endContainer)) {
        const until = inside.cloneRange();
        until.setEnd(range.endContainer, range.endOffset);
        to = until.toString().length;
      }
      return {n: numberOf(par), from, to};
    });
    const chosen = words.filter((word) => parts.some(
      (part) => part.n === word.n && word.from < part.to && part.from < word.to));
    return chosen.length ? spanning(chosen[0], chosen[chosen.length - 1], parts) : null;
  }

  // From one word to another; punctuation that was selected at either end stays.
  function spanning(one, other, parts = []) {
    const place = {first: one.n, last: other.n, from: one.from, to: other.to};
    for (const part of parts) {
      const all = paragraph(part.n).textContent;
      if (part.n === place.first && part.from < place.from && !/\s/.test(all.slice(part.from, place.from))) {
        place.from = part.from;
      }
      if (part.n === place.last && part.to > place.to && !/\s/.test(all.slice(place.to, part.to))) {
        place.to = part.to;
      }
    }
    return place;
  }

  // The sentence around a word, as far as full stops tell.
  function sentenceAround(word) {
    const all = paragraph(word.n).textContent;
    const ends = /[.!?;:…]+[”’"»)\]]*(?=\s)|\n/gu;
    let from = 0, to = all.length;
    for (const match of all.matchAll(ends)) {
      const end = match.index + match[0].length;
      if (end <= word.from) {
        from = end;
      } else {
        to = end;
        break;
      }
    }
    const part = all.slice(from, to);
    from += part.length - part.trimStart().length;
    return {first: word.n, last: word.n, from, to: from + part.trim().length};
  }

  function show(place) {
    const selection = getSelection(), range = rangeOf(place);
    selection.removeAllRanges();
    selection.addRange(range);
    const box = range.getBoundingClientRect();
    if (box.top < 8 || box.bottom > innerHeight - 60) {
      scrollBy({top: box.top - innerHeight / 3});
    }
  }

  // Words drawn as chosen or waiting, without touching the text.
  function highlight(name, places) {
    if (!window.CSS || !CSS.highlights) {
      return;
    }
    const there = places.filter((place) => paragraph(place.first) && paragraph(place.last));
    CSS.highlights.set(name, new Highlight(...there.map(rangeOf)));
  }

  Object.assign(marking, {
    root, text, paragraph, paragraphs, numberOf, readWords, rangeOf, sent, wordsOf,
    placeBetween, selected, spanning, sentenceAround, show, highlight,
    allWords: words,
    // The address of the screen, and which text it is about.
    url: location.pathname,
    textKey: new URLSearchParams(root.dataset.url).get('text'),
    data: JSON.parse(document.getElementById('marking-data').textContent),
  });
  // "Remove %s?" with what belongs there.
  marking.say = (name, ...values) => values.reduce(
    (said, value) => said.replace('%s', () => value), marking.data.words[name]);
  marking.make = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  };
  marking.announce = (said) => {
    document.getElementById('live').textContent = said;
  };
}
