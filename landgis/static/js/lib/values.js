/* Values of tiles as readers of a language write them. */

/** The text of a property: the label of its code, or a number with its unit, or the text itself. */
export function factText(fact, value, lang) {
  if (fact.values && value in fact.values) return fact.values[value];
  const text = typeof value === "number" ? new Intl.NumberFormat(lang, { maximumFractionDigits: 2 }).format(value) : String(value);
  return fact.unit ? `${text} ${fact.unit}` : text;
}

/** A message with its {names} filled in. */
export function filled(message, values) {
  return message.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}
