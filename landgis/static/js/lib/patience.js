/* Coming again to a server that is too busy. */

// Where the server does not say when (Retry-After), and a little longer by chance: a crowd is not to come back together.
const WAITS_S = [3, 6, 12, 24];

/** `fetch` that comes again, `most` times, while the server answers 503. */
export async function patientFetch(url, options = {}, most = WAITS_S.length) {
  for (const usual of WAITS_S.slice(0, most)) {
    const response = await fetch(url, options);
    if (response.status !== 503) return response;
    const told = Number(response.headers.get("Retry-After")) || 0;
    await pause(Math.max(usual, told) * (1 + Math.random() / 2), options.signal);
  }
  return fetch(url, options);
}

function pause(seconds, signal) {
  return new Promise((settle, refuse) => {
    const timer = setTimeout(settle, seconds * 1000);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      refuse(signal.reason);
    });
  });
}
