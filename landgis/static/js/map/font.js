/** The faces of the map's labels: the page's own, see css/fonts.css. */
export const LABEL_FONT = "Be Vietnam Pro";
export const STRONG_FONT = "Be Vietnam Pro SemiBold";
