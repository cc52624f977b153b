'use strict';
// The panel that asks what stands at the chosen words: the page's own form, brought to them.
{
  const {root, data, make, say} = marking;
  const section = document.getElementById('mark');
  const form = document.getElementById('mark-form');
  const home = section && section.parentNode;
  // What the last mark said stays for the next one: one speaker speaks many sentences.
  let kept = {};
  let now = null;  // {place, values: {do, passage, ...}, back}

  const KEPT = ['do', 'passage', 'seen_version', 'seen_passage', 'words', 'start', 'end'];

  const field = (name) => form.elements.namedItem(name);
  const reference = (label) => (label || '').trim().split(' ')[0];

  function set(name, value) {
    const one = field(name);
    if (one instanceof RadioNodeList) {
      for (const radio of one) {
        radio.checked = radio.value === value;
      }
    } else if (one && one.type === 'checkbox') {
      one.checked = Boolean(value);
    } else if (one) {
      one.value = value;
    }
  }

  function clear() {
    marking.why.forget();
    form.querySelectorAll('.errorlist, .offered, .conflicts').forEach((one) => one.remove());
    section.querySelectorAll('.conflicts').forEach((one) => one.remove());
    const blank = ['demand', 'speaker', 'paraphrase', 'paraphrase_fr', 'mention', 'new-title',
      'new-title_fr', 'words', 'start', 'end', 'seen_version', 'seen_passage'];
    blank.forEach((name) => set(name, ''));
    set('kind', 'demanded');
    set('new-kind', 'demand');
    askNew(false);
  }

  // --- another passage of a mention that is there --------------------------------------------

  function offerMentions() {
    const select = field('mention'), wanted = reference(field('demand').value);
    const whole = select.closest('.field');
    let there = 0;
    for (const option of select.options) {
      const fits = !option.value || option.dataset.d === wanted;
      option.hidden = option.disabled = !fits;
      there += option.value && fits ? 1 : 0;
    }
    if (select.selectedOptions[0] && select.selectedOptions[0].disabled) {
      select.value = '';
    }
    whole.hidden = !there || now.values.do !== 'add';
    showOfMention();
  }

  function showOfMention() {
    const select = field('mention');
    const joined = Boolean(select && select.value && !select.closest('.field').hidden);
    form.querySelector('.of-mention').hidden = joined;
  }

  function askNew(open, title = '') {
    const box = form.querySelector('.new-demand');
    if (!box) {
      return;
    }
    box.open = open;
    box.hidden = !open;
    form.querySelector('.field-demand').hidden = open;
    if (open) {
      const french = document.documentElement.lang.startsWith('fr');
      set('demand', '');
      set(french ? 'new-title_fr' : 'new-title', title);
      field(french ? 'new-title_fr' : 'new-title').focus();
      offerMentions();
    }
  }

  // --- opening and closing -------------------------------------------------------------------

  // `values` fill the form; `place` is where it stands; `back()` takes the focus afterwards.
  function open({place = null, values = {}, host = null, words = '', title = '', back = null}) {
    if (!form) {
      return;
    }
    clear();
    // What is no field that somebody fills in is kept beside the form.
    now = {place, values: {do: 'add', ...pick(values, KEPT)}, back};
    const box = host || marking.paragraph(place.first).parentNode.querySelector('.beside');
    box.prepend(section);
    section.classList.add('open');
    section.querySelector('h2').textContent = title || say('add');
    section.querySelector('.chosen').textContent = words || (place ? marking.wordsOf(place) : '');
    if (now.values.do === 'add') {
      set('speaker', kept.speaker || '');
      set('kind', kept.kind || 'demanded');
    }
    for (const [name, value] of Object.entries(values)) {
      set(name, value);
    }
    if (values['new-title'] || values['new-title_fr']) {
      askNew(true);
      ['new-title', 'new-title_fr'].forEach((name) => set(name, values[name] || ''));
    }
    offerMentions();
    if (now.values.do === 'add' && values.demand && !('mention' in values)) {
      preferUnmarked();
    }
    if (place) {
      marking.highlight('chosen', [place]);
    }
    const first = field('demand').value || !form.querySelector('.field-demand').offsetParent
      ? chosenKind() : field('demand');
    first.focus({preventScroll: true});
    section.scrollIntoView({block: 'nearest'});
  }

  const chosenKind = () => [...field('kind')].find((one) => one.checked) || field('kind')[0];

  // A mention that was entered before the text was: this is where it stands.
  function preferUnmarked() {
    const select = field('mention');
    const free = new Set([...document.querySelectorAll('.unmarked li')].map((one) => one.dataset.m));
    const fitting = [...select.options].filter((one) => one.value && !one.disabled && free.has(one.value));
    if (fitting.length === 1) {
      select.value = fitting[0].value;
      showOfMention();
    }
  }

  function close() {
    if (!now) {
      return;
    }
    const {back} = now;
    now = null;
    marking.why.forget();
    section.classList.remove('open');
    home.insertBefore(section, marking.text);
    marking.highlight('chosen', []);
    if (back) {
      back();
    }
  }

  // --- what the server says ------------------------------------------------------------------

  function showErrors(answer) {
    form.querySelectorAll('.errorlist, .offered').forEach((one) => one.remove());
    section.querySelectorAll('.conflicts').forEach((one) => one.remove());
    let first = null;
    for (const [name, texts] of Object.entries(answer.errors || {})) {
      const list = make('ul', {class: 'errorlist', role: 'alert'}, ...texts.map((one) => make('li', {}, one)));
      const box = name && form.querySelector(`[data-field="${CSS.escape(name)}"]`);
      // Words that are not shown as a field are those above the form.
      (box && box.offsetParent ? box : form).prepend(list);
      first = first || (box && box.offsetParent && box.querySelector('input, select, textarea'));
    }
    for (const [name, choices] of Object.entries(answer.offered || {})) {
      const box = form.querySelector(`[data-field="${CSS.escape(name)}"]`);
      const picks = choices.map(([value, label]) => {
        const radio = make('input', {type: 'radio', name: `pick-${name}`});
        radio.addEventListener('change', () => {
          set(name, value);
          offerMentions();
        });
        return make('label', {}, radio, ` ${label}`);
      });
      box.append(make('fieldset', {class: 'offered'}, ...picks));
    }
    if (answer.conflict) {
      const {row, by, at, differences} = answer.conflict;
      section.querySelector('h2').after(make('section', {class: 'conflicts', role: 'alert'},
        make('h3', {}, row),
        ...differences.flatMap((one) => [make('h4', {}, one.label), make('dl', {},
          make('div', {}, make('dt', {}, say('yours')), make('dd', {}, one.yours)),
          make('div', {}, make('dt', {}, say('theirs', by, at)), make('dd', {}, one.theirs)))])));
    }
    for (const [name, value] of Object.entries(answer.values || {})) {
      if (name !== 'words' && name !== 'start' && name !== 'end') {
        set(name, value);
      }
    }
    if (answer.conflict && answer.values && now) {
      now.values = {...now.values, ...pick(answer.values, KEPT)};
      section.querySelector('.chosen').textContent = answer.values.words || section.querySelector('.chosen').textContent;
    }
    (first || form.querySelector('button')).focus();
    if (answer.wants_line) {
      marking.why.ask();
    }
  }

  const pick = (values, names) => Object.fromEntries(
    names.filter((name) => name in values).map((name) => [name, values[name]]));

  function collected() {
    const all = Object.fromEntries(new FormData(form));
    delete all.csrfmiddlewaretoken;
    for (const name of Object.keys(all)) {
      if (name.startsWith('pick-')) {
        delete all[name];
      }
    }
    const isNew = form.querySelector('.new-demand');
    if (!isNew || isNew.hidden) {
      for (const name of Object.keys(all)) {
        if (name.startsWith('new-')) {
          delete all[name];
        }
      }
    }
    return {...all, text: marking.textKey, ...now.values, ...(now.place ? marking.sent(now.place) : {})};
  }

  const token = () => (crypto.randomUUID ? crypto.randomUUID()
    : '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (sign) => (
      sign ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (sign / 4)))).toString(16)));

  async function submit() {
    const values = collected();
    if (values.do === 'add') {
      kept = {speaker: values.speaker, kind: values.kind};
      const label = values.demand || values['new-title'] || values['new-title_fr']
        || (field('mention').selectedOptions[0] || {}).textContent || '';
      const mark = {
        values: {...values, token: token(), seen_text: root.dataset.version},
        place: now.place, label, state: 'waiting',
      };
      close();
      await marking.line.put(mark);
      return;
    }
    const button = form.querySelector('[type=submit]');
    button.disabled = true;
    try {
      const {status, answer} = await marking.send({...values, seen_text: root.dataset.version});
      if (status === 200) {
        close();
        marking.made(answer);
      } else {
        showErrors(answer);
      }
    } catch (error) {
      const name = error instanceof marking.line.LineDown ? 'down'
        : error instanceof marking.line.LoggedOut ? 'login' : 'failed';
      showErrors({errors: {'': [name === 'down' ? say('unreachable') : say(name)]}});
    }
    button.disabled = false;
  }

  if (form) {
    for (const name of ['demand', 'speaker']) {
      const path = `${marking.url}${name === 'demand' ? 'demands' : 'people'}/`;
      const ask = async (typed) => {
        if (name === 'demand' && !typed) {
          return [];
        }
        try {
          return (await marking.get(path, {q: typed})).answer.results;
        } catch (error) {
          // What the page knows already can be found without the line.
          const known = name === 'demand' ? Object.values(data.demands || {}) : [];
          const found = known.filter((one) => one.toLowerCase().includes(typed.toLowerCase()));
          if (!found.length) {
            throw error;
          }
          return found.slice(0, 10).map((label) => ({label}));
        }
      };
      const extra = name === 'demand' && form.querySelector('.new-demand')
        ? (typed) => (now.values.do === 'add' ? {label: say('newDemand', typed), take: () => askNew(true, typed)} : null)
        : null;
      marking.lookup(field(name), ask, {
        extra,
        chosen: name === 'demand' ? (option) => {
          offerMentions();
          if (option && now.values.do === 'add') {
            preferUnmarked();
          }
        } : null,
      });
    }
    field('mention') && field('mention').addEventListener('change', showOfMention);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      submit();
    });
    section.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        event.preventDefault();
        if (form.querySelector('.new-demand:not([hidden])')) {
          askNew(false);
          field('demand').focus();
        } else {
          close();
        }
      } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        submit();
      }
    });
    form.querySelector('[data-do=close]').addEventListener('click', close);
  }

  marking.panel = {
    open, close, showErrors,
    get isOpen() { return Boolean(now); },
    get place() { return now && now.place; },
  };
}
