/* The address of a filtered list names only the filters that are set. */

for (const form of document.querySelectorAll(".filters__form")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const name of new Set(formData.keys())) {
      const values = formData.getAll(name).filter(Boolean);
      formData.delete(name);
      if (!values.length && hasDefault(form, name)) values.push("");
      for (const value of values) formData.append(name, value);
    }
  });
}

/** Whether "all" has to be said, because the list shows less where nothing is. */
function hasDefault(form, name) {
  return form.querySelector(`[name="${name}"][data-default]`) !== null;
}
