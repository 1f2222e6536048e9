/* The address of a filtered list names only the filters that are set. */

for (const form of document.querySelectorAll(".filters__form")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (!value && !hasDefault(form, name)) formData.delete(name);
  });
}

/** Whether "all" has to be said, because the list shows less where nothing is. */
function hasDefault(form, name) {
  return form.elements[name].dataset?.default !== undefined;
}
