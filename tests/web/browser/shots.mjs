// Pictures of the pages from the sample corpus: node shots.mjs ADDRESS CHROMIUM FOLDER [--all]
// With --all also dark, on a small screen and as printed, which the README does not show.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const { chromium } = createRequire(import.meta.url)("playwright-core");
const [address, executablePath, folder] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });

const query = `q=${encodeURIComponent('"$400 million"')}`;
const found = await fetch(`${address}/api/v1/search?${query}`).then((answer) => answer.json());
const hit = found.hits[0];
const claim = encodeURIComponent("Nearly $400 million of virtual assets was stolen in 2021.");
const article = new FormData();
const file = readFileSync(new URL("../../../corpus/harbour-post-2022.html", import.meta.url));
article.append("file", new Blob([file], { type: "text/html" }), "harbour-post-2022.html");
const { id } = await fetch(`${address}/api/v1/check`, { method: "POST", body: article }).then((answer) => answer.json());
const pages = {
  search: "/?q=stolen+%22virtual+assets%22",
  document: `/document/${hit.sha256}/page/${hit.page}?${query}&at=${hit.span.start}-${hit.span.end}#at`,
  verify: `/verify?claim=${claim}`,
  check: `/check/${id}`,
  corpus: "/corpus",
  lineage: `/lineage?of=${encodeURIComponent("$400 million")}`,
};
const take = async (name, options, { scheme = "light", media = "screen", fullPage = false } = {}) => {
  const context = await browser.newContext({ colorScheme: scheme, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  await page.emulateMedia({ media, colorScheme: scheme });
  for (const [what, path] of Object.entries(pages)) {
    await page.goto(address + path);
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: `${folder}/${what}${name}.png`, fullPage });
  }
  await context.close();
};
const wide = { viewport: { width: 1200, height: 780 } };
await take("", wide);
if (process.argv.includes("--all")) {
  await take("-whole", wide, { fullPage: true });
  await take("-dark", wide, { scheme: "dark", fullPage: true });
  await take("-small", { viewport: { width: 390, height: 844 } }, { fullPage: true });
  await take("-print", { viewport: { width: 794, height: 1123 } }, { media: "print", fullPage: true });
}
await browser.close();
