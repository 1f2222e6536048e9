/* Transverse Mercator by Krüger's series in the third flattening, to its fourth power: exact to micrometres within a zone. */

function series({ a, f }) {
  const n = f / (2 - f);
  const [n2, n3, n4] = [n ** 2, n ** 3, n ** 4];
  return {
    radius: (a / (1 + n)) * (1 + n2 / 4 + n4 / 64),
    eccentricity: (2 * Math.sqrt(n)) / (1 + n),
    to: [n / 2 - (2 * n2) / 3 + (5 * n3) / 16 + (41 * n4) / 180, (13 * n2) / 48 - (3 * n3) / 5 + (557 * n4) / 1440, (61 * n3) / 240 - (103 * n4) / 140, (49561 * n4) / 161280],
    from: [n / 2 - (2 * n2) / 3 + (37 * n3) / 96 - n4 / 360, n2 / 48 + n3 / 15 - (437 * n4) / 1440, (17 * n3) / 480 - (37 * n4) / 840, (4397 * n4) / 161280],
  };
}

/** Longitude and latitude in radians to easting and northing; `system` is {a, f, meridian, scale, east, north}. */
export function tmercForward(system, [longitude, latitude]) {
  const { radius, eccentricity: e, to } = series(system);
  const sine = Math.sin(latitude);
  const t = Math.sinh(Math.atanh(sine) - e * Math.atanh(e * sine));
  const away = longitude - system.meridian;
  const xi = Math.atan2(t, Math.cos(away));
  const eta = Math.atanh(Math.sin(away) / Math.hypot(1, t));
  let [east, north] = [eta, xi];
  for (const [index, factor] of to.entries()) {
    const times = 2 * (index + 1);
    east += factor * Math.cos(times * xi) * Math.sinh(times * eta);
    north += factor * Math.sin(times * xi) * Math.cosh(times * eta);
  }
  const reach = system.scale * radius;
  return [system.east + reach * east, system.north + reach * north];
}

/** Easting and northing to longitude and latitude in radians. */
export function tmercInverse(system, [easting, northing]) {
  const { radius, eccentricity: e, from } = series(system);
  const reach = system.scale * radius;
  const [eta0, xi0] = [(easting - system.east) / reach, (northing - system.north) / reach];
  let [eta, xi] = [eta0, xi0];
  for (const [index, factor] of from.entries()) {
    const times = 2 * (index + 1);
    eta -= factor * Math.cos(times * xi0) * Math.sinh(times * eta0);
    xi -= factor * Math.sin(times * xi0) * Math.cosh(times * eta0);
  }
  const conformal = Math.sin(xi) / Math.cosh(eta);
  const isometric = Math.atanh(conformal);
  let sine = conformal;
  for (let round = 0; round < 8; round++) sine = Math.tanh(isometric + e * Math.atanh(e * sine));
  return [system.meridian + Math.atan2(Math.sinh(eta), Math.cos(xi)), Math.asin(sine)];
}
