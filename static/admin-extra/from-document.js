'use strict';
// Says that a document is being read or saved. Everything works without this.
for (const form of document.querySelectorAll('form[data-busy]')) {
    form.addEventListener('submit', () => {
        for (const status of form.querySelectorAll('.busy')) {
            status.textContent = form.dataset.busy;
        }
    });
}
