// Pictures of the pages from the sample corpus: node shots.mjs ADDRESS CHROMIUM FOLDER
import { createRequire } from "node:module";

const { chromium } = createRequire(import.meta.url)("playwright-core");
const [address, executablePath, folder] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });

const query = `q=${encodeURIComponent('"$400 million"')}`;
const found = await fetch(`${address}/api/v1/search?${query}`).then((answer) => answer.json());
const hit = found.hits[0];
const claim = encodeURIComponent("Nearly $400 million of virtual assets was stolen in 2021.");
const pages = {
  search: "/?q=stolen+%22virtual+assets%22",
  document: `/document/${hit.sha256}/page/${hit.page}?${query}&at=${hit.span.start}-${hit.span.end}`,
  verify: `/verify?claim=${claim}`,
  corpus: "/corpus",
};
const take = async (name, options, scheme = "light") => {
  const context = await browser.newContext({ colorScheme: scheme, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  for (const [what, path] of Object.entries(pages)) {
    await page.goto(address + path);
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: `${folder}/${what}${name}.png` });
  }
  await page.goto(`${address}/check`);
  await page.locator("#text").fill("North Korean hackers stole about $400 million in 2021. KuCoin alone lost over $250 million in September 2020. A firm put the total at $5.5 billion.");
  await page.locator(".claim-form button").click();
  await page.waitForSelector(".verdict");
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: `${folder}/check${name}.png` });
  await context.close();
};
await take("", { viewport: { width: 1200, height: 780 } });
if (process.argv.includes("--all")) {
  await take("-dark", { viewport: { width: 1200, height: 780 } }, "dark");
  await take("-small", { viewport: { width: 390, height: 844 } });
}
await browser.close();
