'use strict';
// A box in which one looks something up while typing (ARIA's combobox with a list).
{
  const {make, say} = marking;
  const WAIT = 180;

  // `ask(typed)` gives a promise of [{label, about}]; `extra(typed)` one more choice with `take`.
  marking.lookup = function lookup(input, ask, {extra, chosen} = {}) {
    const list = make('ul', {role: 'listbox', id: `${input.id}-choices`, class: 'choices', hidden: ''});
    list.setAttribute('aria-label', input.labels[0] ? input.labels[0].textContent : '');
    input.after(list);
    for (const [name, value] of Object.entries({
      role: 'combobox', 'aria-expanded': 'false', 'aria-controls': list.id,
      'aria-autocomplete': 'list', autocomplete: 'off', type: 'text',
    })) {
      input.setAttribute(name, value);
    }
    let options = [], active = -1, timer = 0, asked = 0;

    function close() {
      clearTimeout(timer);
      asked += 1;
      list.hidden = true;
      active = -1;
      input.setAttribute('aria-expanded', 'false');
      input.removeAttribute('aria-activedescendant');
    }

    function choose(option) {
      close();
      if (option.take) {
        return option.take();
      }
      input.value = option.label;
      if (chosen) {
        chosen(option);
      }
    }

    function activate(place) {
      active = (place + options.length) % options.length;
      [...list.children].forEach((item, number) => {
        item.setAttribute('aria-selected', number === active ? 'true' : 'false');
      });
      const item = list.children[active];
      input.setAttribute('aria-activedescendant', item.id);
      item.scrollIntoView({block: 'nearest'});
    }

    function draw(found, note) {
      options = found;
      list.replaceChildren(...found.map((option, number) => {
        const item = make('li', {role: 'option', id: `${list.id}-${number}`, 'aria-selected': 'false'}, option.label);
        if (option.about) {
          item.append(make('small', {}, option.about));
        }
        // The box keeps the focus; a press on the list must not take it.
        item.addEventListener('mousedown', (event) => event.preventDefault());
        item.addEventListener('click', () => choose(option));
        return item;
      }));
      if (!found.length) {
        list.append(make('li', {role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false'}, note));
      }
      list.hidden = false;
      input.setAttribute('aria-expanded', 'true');
      marking.announce(found.length ? `${found.length}` : note);
      if (found.length && !found[0].take && input.value.trim()) {
        activate(0);
      }
    }

    async function look() {
      const typed = input.value.trim(), mine = asked += 1;
      let found = [], note = say('nothing');
      try {
        found = await ask(typed);
      } catch {
        note = say('unreachable');
      }
      if (mine !== asked || document.activeElement !== input) {
        return;
      }
      const more = typed && extra ? extra(typed) : null;
      if (!typed && !found.length) {
        return close();
      }
      draw(more ? [...found, more] : found, note);
    }

    input.addEventListener('input', () => {
      clearTimeout(timer);
      asked += 1;
      if (chosen) {
        chosen(null);
      }
      timer = setTimeout(look, WAIT);
    });
    input.addEventListener('blur', close);
    input.addEventListener('keydown', (event) => {
      const open = !list.hidden;
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        if (!open) {
          look();
        } else if (options.length) {
          activate(active < 0 && event.key === 'ArrowUp' ? -1 : active + (event.key === 'ArrowDown' ? 1 : -1));
        }
      } else if (event.key === 'Enter' && open && active >= 0) {
        event.preventDefault();
        event.stopPropagation();
        choose(options[active]);
      } else if (event.key === 'Escape' && open) {
        event.preventDefault();
        event.stopPropagation();
        close();
      }
    });
    return {close};
  };
}
