'use strict';
// Autocompletes of the stock admin: names for those who do not see them, and an order that stays.
{
    const $ = django.jQuery;

    function nameOf(select) {
        const label = select.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
        return label ? label.textContent.replace(/:?\s*$/, '').trim() : '';
    }

    function giveName(select) {
        const made = $(select).data('select2');
        const name = nameOf(select);
        if (!made || !name) {
            return;
        }
        const box = made.$selection;
        if (select.multiple) {
            box.attr('aria-label', name);
            box.find('.select2-search__field').attr('aria-label', name);
        } else {
            const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
            label.id = label.id || `${select.id}_label`;
            const shown = box.find('.select2-selection__rendered').attr('id');
            box.attr('aria-labelledby', `${label.id} ${shown}`);
        }
    }

    function prepare(root) {
        $(root).find('select.admin-autocomplete').not('[name*=__prefix__]').each(function() {
            giveName(this);
            $(this).on('select2:open', () => {
                const search = document.querySelector('.select2-container--open .select2-search__field');
                if (search) {
                    search.setAttribute('aria-label', nameOf(this));
                }
                const list = document.querySelector('.select2-container--open .select2-results__options');
                if (list) {
                    list.setAttribute('aria-label', nameOf(this));
                }
            });
            $(this).on('change', () => giveName(this));
        });
        // What is chosen last comes last, also when it stood in the list before.
        $(root).find('select.in-order').on('select2:select', function(event) {
            const option = event.params.data.element;
            if (option) {
                this.append(option);
                $(this).trigger('change');
            }
        });
    }

    $(() => prepare(document));
    document.addEventListener('formset:added', (event) => prepare(event.target));
}
