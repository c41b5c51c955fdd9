// Drives the pages in a real browser: node run.mjs ADDRESS CHROMIUM [FOLDER for screenshots]
// Prints a line for each thing that holds; the first that does not ends it with status 1.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const [address, executablePath] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const complaints = [];
const foreign = [];

function fail(what) {
  throw new Error(what);
}
const holds = (what, is, detail = "") => {
  if (!is) fail(`${what} ${detail}`);
  console.log(`ok ${what}`);
};

const open = async (options = {}) => {
  // axe is put into the page by the test, which the pages' own policy would forbid.
  const context = await browser.newContext({ bypassCSP: true, reducedMotion: "reduce", viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.on("console", (message) => { if (message.type() === "error") complaints.push(`${page.url()}: ${message.text()}`); });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error}`));
  page.on("request", (request) => { if (!request.url().startsWith(address)) foreign.push(request.url()); });
  return page;
};

const clean = async (page, name) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  holds(`axe finds nothing on ${name}`, violations.length === 0,
    JSON.stringify(violations.map((v) => [v.id, v.nodes.map((n) => n.target.join(" ") + " " + n.any.map((a) => a.message).join("; ")).slice(0, 4)]), null, 1));
};

try {
  const page = await open();

  // Search, by keyboard.
  await page.goto(`${address}/`);
  await page.keyboard.press("Escape");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("/");
  await page.keyboard.type('"$400 million"');
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=/);
  const total = async () => parseInt((await page.locator(".hits h1").innerText()).replace(/\D/g, ""), 10);
  const all = await total();
  holds("a search by keyboard finds passages", all > 0);
  holds("the receipt says how it was read", (await page.locator(".read-as").innerText()).includes("USD 400000000"));

  // A facet narrows.
  await page.goto(`${address}/?q=stolen`);
  const before = await total();
  await page.locator('.facet input[name="kind"][value="wallet"]').check();
  await page.waitForURL(/kind=wallet/);
  holds("a facet narrows the results", (await total()) < before && (await page.locator('.facet input[value="wallet"]').isChecked()));
  await page.locator(".chart a.bar").first().click();
  await page.waitForURL(/amount=/);
  holds("a bar of the histogram filters", (await page.locator(".chosen li").count()) >= 2);

  // j, Enter: the page, with the box where the text stands.
  await page.goto(`${address}/?q=${encodeURIComponent('"$400 million"')}&document=chainalysis-2022`);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("j");
  holds("j goes to the first result", await page.locator(".hit.now").count() === 1);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/document\//);
  const sha = page.url().match(/document\/([0-9a-f]{64})\/page\/(\d+)/);
  const picture = page.locator(".picture img");
  await picture.evaluate((img) => img.decode());
  const row = await page.request.get(`${address}/api/v1/documents/${sha[1]}/pages/${sha[2]}`).then((r) => r.json());
  const mention = row.mentions.find((m) => m.surface.includes("$400 million"));
  const [x0, y0, x1, y1] = mention.boxes[0];
  const frame = await picture.boundingBox();
  const box = await page.locator(`.box[data-mention="m${mention.span.start}"]`).first().boundingBox();
  const scale = frame.width / row.page.width;
  const near = (a, b) => Math.abs(a - b) < 3;
  holds("the box stands where the text stands", near(box.x, frame.x + x0 * scale) && near(box.y, frame.y + y0 * scale) && near(box.width, (x1 - x0) * scale), JSON.stringify({ box, frame, place: mention.boxes[0] }));
  const ink = await picture.evaluate((img, [l, t, r, b, width]) => {
    const canvas = document.createElement("canvas");
    canvas.width = img.naturalWidth;
    canvas.height = img.naturalHeight;
    const context = canvas.getContext("2d");
    context.drawImage(img, 0, 0);
    const k = img.naturalWidth / width;
    const { data } = context.getImageData(l * k, t * k, (r - l) * k, (b - t) * k);
    let dark = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] < 120) dark += 1;
    return dark / (data.length / 4);
  }, [x0, y0, x1, y1, row.page.width]);
  holds("there is ink under the box", ink > 0.03, `${ink}`);
  holds("the passage is boxed too", (await page.locator(".boxes .passage").count()) > 0);

  // Next hit by key.
  const here = page.url();
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("n");
  await page.waitForURL((url) => url.toString() !== here);
  holds("n goes to the next hit", page.url().includes("at="));
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("p");
  await page.waitForURL(here);
  holds("p goes back", true);
  await page.keyboard.press("?");
  holds("? shows the sheet", await page.locator("#sheet").isVisible());
  await page.keyboard.press("Escape");
  await page.keyboard.press("u");
  await page.waitForURL((url) => url.pathname === "/");
  holds("u goes back to the results", true);

  // Find in document, without a query before.
  await page.goto(`${address}/document/${sha[1]}/page/1`);
  await page.locator(".find input").fill("KuCoin");
  await page.locator(".find input").press("Enter");
  await page.waitForURL(/q=KuCoin/);
  holds("find in document lists its hits", (await page.locator(".in-document li").count()) > 0);

  // Verify.
  await page.goto(`${address}/verify`);
  await page.locator("#claim").fill("Nearly $400 million of virtual assets was stolen in 2021.");
  await page.locator(".claim-form button").click();
  await page.waitForSelector(".verdict");
  holds("a claim gets a verdict with slots", (await page.locator(".slots tr").count()) > 1);
  holds("and evidence", (await page.locator(".card").count()) > 0);

  // Check, by paste and by upload.
  await page.goto(`${address}/check`);
  await page.locator("#text").fill("Nearly $400 million was stolen in 2021. Nobody lost $17.25 million.");
  await page.locator(".claim-form button").click();
  await page.waitForSelector(".verdict");
  holds("a pasted article is checked", (await page.locator(".verdict").count()) === 2);
  await page.goto(`${address}/check`);
  await page.locator("#file").setInputFiles({ name: "article.html", mimeType: "text/html", buffer: Buffer.from("<h1>News</h1><p>KuCoin lost more than $250 million in September 2020.</p>") });
  await page.locator(".claim-form button").click();
  await page.waitForSelector(".verdict");
  holds("an uploaded article is checked", (await page.locator(".verdict").count()) === 1);

  // Every page in both schemes, and small.
  const hit = here.slice(address.length);
  const paths = { search: "/?q=stolen", document: hit, corpus: "/corpus", verify: "/verify?claim=" + encodeURIComponent("Nearly $400 million was stolen in 2021."), check: "/check", help: "/help", error: "/?q=amount%3Aplenty", nowhere: "/nowhere", facet: "/facet/document" };
  await page.context().close();
  for (const colorScheme of ["light", "dark"]) {
    const tab = await open({ colorScheme });
    for (const [name, path] of Object.entries(paths)) {
      await tab.goto(address + path);
      await clean(tab, `${name}, ${colorScheme}`);
    }
    await tab.context().close();
  }
  const small = await open({ viewport: { width: 390, height: 844 } });
  for (const [name, path] of Object.entries(paths)) {
    await small.goto(address + path);
    const over = await small.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    holds(`${name} fits a small screen`, over <= 0, `${over} pixels too wide`);
  }
  await small.context().close();

  // Without JavaScript.
  const plain = await open({ javaScriptEnabled: false });
  await plain.goto(`${address}/?q=stolen`);
  await plain.locator('.facet input[name="kind"][value="wallet"]').check();
  await plain.locator(".apply").click();
  await plain.waitForURL(/kind=wallet/);
  holds("filters work without JavaScript", true);

  // The one complaint expected is the browser's own, about the page that is not there.
  const unexpected = complaints.filter((line) => !line.includes("/nowhere"));
  holds("the console has no error", unexpected.length === 0, unexpected.join("\n"));
  holds("no request leaves the host", foreign.length === 0, foreign.join("\n"));
} catch (error) {
  console.error(`not ok ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
