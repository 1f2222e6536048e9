/* Lengths as people read them; of a plane in degrees none, as they are no measure of the ground. */
const figures = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export function lengthText(length, { config, unit }) {
  return config.unit_m ? `${figures.format(length * unit)} m` : "";
}
